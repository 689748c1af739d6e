import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { type RunningIssuer, startIssuer } from './running-issuer.ts';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

interface Claims {
  readonly appid?: string;
  readonly aud?: string;
  readonly appidacr?: string;
  readonly uti?: string;
  readonly failed?: string;
}

const subject = 'system:serviceaccount:default:web';
const scopes = ['https://management.azure.com', 'https://graph.microsoft.com'];

describe('@azure/identity 4.14.1: credentials without a secret', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-credentials-'));
  let issuer: RunningIssuer;
  let postern: RunningPostern;
  let answers: Readonly<Record<string, readonly Claims[]>>;
  let certified: string;
  let federated: string;

  before(async () => {
    issuer = await startIssuer();
    const authority = join(folder, 'issuer.pem');
    writeFileSync(authority, issuer.ca);
    process.env['NODE_EXTRA_CA_CERTS'] = authority;
    postern = await startPostern([], ['--trust-issuer', issuer.issuer]);
    const graph = await openGraph(postern);
    const certificate = makeCertificate(folder, 'certified');
    const key = certificatePart(certificate).replace(/-----[A-Z ]+-----|\s/g, '');
    certified = await graph.makeApplication({
      displayName: 'certified',
      keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key, displayName: 'certified' }],
    });
    federated = await graph.makeApplication({ displayName: 'federated' });
    const credential = { name: 'cluster', issuer: issuer.issuer, subject, audiences: ['api://AzureADTokenExchange'] };
    await graph.post(`/v1.0/applications(appId='${federated}')/federatedIdentityCredentials`, credential);
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, issuer.assertion(subject));
    const { tenantId, origin, ca } = postern.environment;
    const stranger = makeCertificate(folder, 'stranger');
    const place = { tenantId, origin, certified, federated, certificate, stranger, tokenFile };
    const program = resolve(import.meta.dirname, 'javascript-credentials.ts');
    // The program runs in a process of its own, since NODE_EXTRA_CA_CERTS is read at start.
    const result = runProgram(process.execPath, [program], JSON.stringify(place), {
      ...process.env,
      NODE_EXTRA_CA_CERTS: ca,
    });
    assert.equal(result.status, 0, result.stderr);
    answers = JSON.parse(result.stdout) as typeof answers;
  });
  after(async () => {
    await postern?.stop();
    issuer?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const hold = (name: string, appId: string) => {
    const claims = answers[name] ?? [];
    assert.deepEqual(
      claims.map(({ appid, aud, appidacr, failed }) => failed ?? [appid, aud, appidacr]),
      scopes.map((scope) => [appId, scope, '2']),
    );
  };

  it('ClientCertificateCredential: two resources with the one assertion that it keeps', () =>
    hold('certificate', certified));

  it('ClientCertificateCredential with sendCertificateChain', () => hold('certificateWithChain', certified));

  it('ClientCertificateCredential: four first calls at the same time', () => {
    const ids = (answers['parallel'] ?? []).map(({ uti, failed }) => failed ?? uti);
    assert.equal(ids.length, 4);
    assert.deepEqual(new Set(ids), new Set([ids[0]]), 'they get the same token');
    assert.match(ids[0] ?? '', /^[\w-]{22}$/);
  });

  it('ClientCertificateCredential with another certificate: AADSTS700027', () => {
    for (const { failed } of answers['stranger'] ?? []) assert.match(failed ?? '', /AADSTS700027/);
  });

  it('ClientAssertionCredential', () => hold('assertion', federated));

  it('ClientAssertionCredential with what is no assertion: AADSTS50027', () => {
    assert.match(answers['brokenAssertion']?.[0]?.failed ?? '', /AADSTS50027/);
  });

  it('WorkloadIdentityCredential', () => hold('workload', federated));
});

/** Microsoft Graph, asked as the administrator. */
async function openGraph({ environment }: RunningPostern) {
  const { origin, tenantId, clientId, clientSecret, ca } = environment;
  const send = (path: string, body: string, headers: Record<string, string>): Promise<Record<string, string>> =>
    new Promise((done, fail) => {
      const asking = request(new URL(path, origin), { method: 'POST', ca: readFileSync(ca), headers, agent: false });
      asking.once('error', fail).once('response', (response) => {
        json(response).then((answer) => {
          if ((response.statusCode ?? 0) < 300) done(answer as Record<string, string>);
          else fail(new Error(JSON.stringify(answer)));
        }, fail);
      });
      asking.end(body);
    });
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  });
  const typed = { 'content-type': 'application/x-www-form-urlencoded' };
  const { access_token: token } = await send(`/${tenantId}/oauth2/v2.0/token`, form.toString(), typed);
  const post = (path: string, body: object) =>
    send(path, JSON.stringify(body), { 'content-type': 'application/json', authorization: `Bearer ${token}` });
  return {
    post,
    makeApplication: async (body: object): Promise<string> => {
      const { appId = '' } = await post('/v1.0/applications', body);
      await post('/v1.0/servicePrincipals', { appId });
      return appId;
    },
  };
}

/** A key and its certificate in one file, as ClientCertificateCredential takes it. */
function makeCertificate(folder: string, name: string): string {
  const base = join(folder, name);
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
  execFileSync('openssl', [...words, '-keyout', `${base}.key`, '-out', `${base}.crt`], { stdio: 'pipe' });
  writeFileSync(`${base}.pem`, readFileSync(`${base}.key`, 'utf8') + readFileSync(`${base}.crt`, 'utf8'));
  return `${base}.pem`;
}

function certificatePart(file: string): string {
  return /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(readFileSync(file, 'utf8'))?.[0] ?? '';
}
