/**
 * Runs outside the machines: @azure/identity's credentials that sign or carry an assertion. Reads its place from standard input
 * and prints one JSON object: for each credential the claims of its tokens, or the message of the failure.
 */
import { readFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';

const place = (await json(process.stdin)) as Record<
  'tenantId' | 'origin' | 'certified' | 'federated' | 'certificate' | 'stranger' | 'tokenFile',
  string
>;
const { tenantId, origin, certified, federated, certificate, stranger, tokenFile } = place;
const options = { authorityHost: origin, disableInstanceDiscovery: true };
const scopes = ['https://management.azure.com/.default', 'https://graph.microsoft.com/.default'];
const graph = `${origin}/.default`;

const answers: Record<string, unknown> = {};
const certificateCredential = new ClientCertificateCredential(tenantId, certified, certificate, options);
await record('certificate', certificateCredential, scopes);
const withChain = { ...options, sendCertificateChain: true };
await record(
  'certificateWithChain',
  new ClientCertificateCredential(tenantId, certified, certificate, withChain),
  scopes,
);
const parallel = new ClientCertificateCredential(tenantId, certified, certificate, options);
answers['parallel'] = await Promise.all(Array.from({ length: 4 }, () => claimsOf(parallel, graph)));
await record('stranger', new ClientCertificateCredential(tenantId, certified, stranger, options), scopes);
const assertion = async () => readFileSync(tokenFile, 'utf8');
await record('assertion', new ClientAssertionCredential(tenantId, federated, assertion, options), scopes);
await record(
  'brokenAssertion',
  new ClientAssertionCredential(tenantId, federated, async () => 'assertion', options),
  scopes,
);
const workload = { ...options, tenantId, clientId: federated, tokenFilePath: tokenFile };
await record('workload', new WorkloadIdentityCredential(workload), scopes);
console.log(JSON.stringify(answers));

async function record(name: string, credential: TokenCredential, asked: readonly string[]): Promise<void> {
  const claims: unknown[] = [];
  for (const scope of asked) claims.push(await claimsOf(credential, scope));
  answers[name] = claims;
}

async function claimsOf(credential: TokenCredential, scope: string): Promise<unknown> {
  try {
    const { token } = (await credential.getToken(scope)) ?? { token: '' };
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch (error) {
    return { failed: (error as Error).message };
  }
}
