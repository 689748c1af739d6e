// A token service over SQLite on disk with one application that has a certificate and a federated credential, and what a client
// sends it: assertions that were signed beforehand.

import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { ClientCredentials } from '../../src/core/ports/directory.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { openDirectory } from '../../src/directory/directory.ts';
import { systemClock, systemRandom } from '../../src/host/system.ts';
import { certificateMaker } from '../../src/host/tls/certificate-maker.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { openTokenService } from '../../src/sts/token-service.ts';

const origin = 'https://localhost:8443';
const issuer = 'https://issuer.example';
const subject = 'system:serviceaccount:default:web';
const audience = 'api://AzureADTokenExchange';
const day = 86_400_000;

/** How a client proves itself. */
export type Proof = 'certificate' | 'federated';

/** A request with the assertion that it carries. */
export interface TokenRequest {
  readonly assertion: string;
  readonly request: Request;
}

/** The endpoint, and a client of it. */
export interface TokenEndpoint {
  /** Makes requests, each with another assertion: signing and writing them is the client's work. */
  prepare(proof: Proof, count: number): Promise<readonly TokenRequest[]>;
  /** Sends one; throws when it is refused. */
  present(request: TokenRequest): Promise<Response>;
  close(): Promise<void>;
}

/** Opens the endpoint in a folder of its own. */
export async function openTokenEndpoint(): Promise<TokenEndpoint> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-verify-'));
  const store = openSqliteStore({ file: join(folder, 'store.db') });
  const ports = { store, clock: systemClock, random: systemRandom, certificates: certificateMaker };
  const directory = await openDirectory(ports);
  const { principal } = await directory.createApplicationPrincipal({ displayName: 'bench', appRoles: [] });
  const client = await makeClient();
  const credentialsOf = () => client.credentials;
  const { app } = await openTokenService({
    ...ports,
    directory: { ...directory, credentialsOf },
    origin: () => origin,
    issuerDocuments: {
      read: async (url) =>
        url.endsWith('/keys') ? { json: { keys: [client.jwk] } } : { json: { issuer, jwks_uri: `${issuer}/keys` } },
    },
  });
  // As in the host: the adapter puts light requests and responses in place of undici's.
  getRequestListener(app.fetch);
  const { appId } = principal;
  const url = `${origin}/${directory.tenant.tenantId}/oauth2/v2.0/token`;
  return {
    prepare: (proof, count) => {
      const signOne = async () => {
        const assertion = await client.sign(proof, { url, appId });
        return { assertion, request: request(url, appId, assertion) };
      };
      return Promise.all(Array.from({ length: count }, signOne));
    },
    present: async ({ request: sent }) => {
      const response = await app.fetch(sent);
      if (response.status !== 200) throw new Error(await response.text());
      return response;
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function request(url: string, appId: string, assertion: string): Request {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: appId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    scope: 'https://management.azure.com/.default',
  });
  const text = body.toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(text.length) };
  return new Request(url, { method: 'POST', headers, body: text });
}

/** One RSA key that is both the client's certificate's and the issuer's. */
async function makeClient() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Date.now();
  const der = await certificateMaker.selfSign({
    commonName: 'bench',
    serialNumber: Uint8Array.of(1),
    notBefore: (now - day) as EpochMillis,
    notAfter: (now + day) as EpochMillis,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
  });
  const credentials: ClientCredentials = {
    passwordCredentials: [],
    keyCredentials: [
      {
        keyId: randomUUID(),
        displayName: 'bench',
        certificate: Buffer.from(der).toString('base64'),
        startMillis: (now - day) as EpochMillis,
        endMillis: (now + day) as EpochMillis,
      },
    ],
    federatedCredentials: [{ id: randomUUID(), name: 'bench', issuer, subject, audiences: [audience] }],
  };
  const { n, e } = publicKey.export({ format: 'jwk' });
  const x5t = createHash('sha1').update(der).digest('base64url');
  return {
    credentials,
    jwk: { kty: 'RSA', kid: 'bench', n: String(n), e: String(e) },
    sign: (proof: Proof, { url, appId }: { readonly url: string; readonly appId: string }) => {
      const seconds = Math.floor(Date.now() / 1000);
      const times = { jti: randomUUID(), nbf: seconds, exp: seconds + 600 };
      return proof === 'certificate'
        ? signJwt({ alg: 'RS256', x5t }, { ...times, aud: url, iss: appId, sub: appId }, privateKey)
        : signJwt({ alg: 'RS256', kid: 'bench' }, { ...times, aud: audience, iss: issuer, sub: subject }, privateKey);
    },
  };
}

function signJwt(header: object, claims: object, key: KeyObject): Promise<string> {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode(header)}.${encode(claims)}`;
  return new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(signed), key, (error, signature) =>
      error === null ? resolve(`${signed}.${signature.toString('base64url')}`) : reject(error),
    );
  });
}
