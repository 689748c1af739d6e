import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../../src/core/json.ts';
import { systemClock, systemRandom } from '../../../src/host/system.ts';
import { makeAuthority, makeServerCertificate } from '../../../src/host/tls/authority.ts';

/** How the issuer answers one path; the default is its discovery document and its key set. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A key pair of an issuer. */
export interface IssuerPair {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: JsonObject;
}

/** Makes a key pair with its public part as a JWK. */
export function issuerPair(kid: string, modulusLength = 2048): IssuerPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const { n, e } = publicKey.export({ format: 'jwk' });
  return { kid, privateKey, jwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n: String(n), e: String(e) } };
}

/** An OpenID issuer on a loopback port: what it is asked is counted, and what it answers can be changed. */
export async function issuerServer() {
  const authority = await makeAuthority(systemClock, systemRandom);
  const names = ['localhost', 'issuer.example', '127.0.0.1'];
  const certificate = await makeServerCertificate(authority, names, systemClock, systemRandom);
  const state = {
    keys: [issuerPair('one')],
    asked: [] as string[],
    instead: new Map<string, Misbehaviour>(),
    discovery: {} as JsonObject,
  };
  const server = createServer({ key: certificate.key, cert: certificate.certificate }, (request, response) => {
    const path = request.url ?? '/';
    state.asked.push(path);
    const instead = state.instead.get(path);
    if (instead !== undefined) return instead(request, response);
    const issuer = `https://${request.headers.host}`;
    const documents: Readonly<Record<string, JsonObject>> = {
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/keys`, ...state.discovery },
      '/keys': { keys: state.keys.map(({ jwk }) => jwk) },
    };
    const document = documents[path];
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    state,
    port,
    issuer: `https://localhost:${port}`,
    ca: authority.certificate,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
