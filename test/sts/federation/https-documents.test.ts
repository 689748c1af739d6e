import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { isRefusal } from '../../../src/core/refusal.ts';
import { parseTrustedIssuer, type TrustedIssuer } from '../../../src/core/token/issuer-trust.ts';
import { type Address, type HttpsOptions, httpsDocuments } from '../../../src/sts/federation/https-documents.ts';
import { issuerServer } from './issuer-server.ts';

const server = await issuerServer();
after(server.close);
const { port, ca, state } = server;
const trust = (...texts: readonly string[]): readonly TrustedIssuer[] =>
  texts.map((text) => {
    const trusted = parseTrustedIssuer(text);
    if (isRefusal(trusted)) throw new Error(trusted.message);
    return trusted;
  });
const loopback: Address = { address: '127.0.0.1', family: 4 };
const trusted = trust(`https://localhost:${port}`, `https://issuer.example:${port}`, `https://*.corp.example:${port}`);
const read = (url: string, options: Partial<HttpsOptions> = {}) =>
  httpsDocuments({ trusted, ca, lookup: async () => [loopback], ...options }).read(url);
const failureOf = async (url: string, options: Partial<HttpsOptions> = {}): Promise<string> => {
  const answer = await read(url, options);
  return 'failed' in answer ? answer.failed : 'read';
};
const configuration = `https://localhost:${port}/.well-known/openid-configuration`;

describe('an issuer’s document', () => {
  beforeEach(() => {
    state.instead.clear();
    state.asked.length = 0;
  });

  it('is read over HTTPS from the host that the operator names', async () => {
    const answer = await read(configuration);
    assert.deepEqual(answer, {
      json: { issuer: server.issuer, jwks_uri: `${server.issuer}/keys` },
    });
  });

  for (const [title, url] of [
    ['another host', `https://other.example:${port}/keys`],
    ['another port', 'https://localhost/keys'],
    ['http', `http://localhost:${port}/keys`],
    ['a user in the URL', `https://me@localhost:${port}/keys`],
    ['the domain of a wildcard itself', `https://corp.example:${port}/keys`],
    ['a name that only ends like the wildcard', `https://evilcorp.example:${port}/keys`],
    ['no URL', 'keys'],
  ] as const) {
    it(`is not asked for at ${title}`, async () => {
      assert.match(await failureOf(url), /is not one that this Postern asks/);
      assert.deepEqual(state.asked, []);
    });
  }

  it('is not asked for at a private address that a wildcard leads to, but at one that is named exactly', async () => {
    const below = `https://a.corp.example:${port}/keys`;
    assert.match(await failureOf(below), /leads to an address of a private network/);
    const mixed = { lookup: async () => [{ address: '93.184.215.14', family: 4 }, loopback] };
    assert.match(await failureOf(below, mixed), /leads to an address of a private network/);
    assert.deepEqual(state.asked, []);
    assert.equal(await failureOf(`https://issuer.example:${port}/keys`), 'read');
  });

  it('comes from the address that was judged: the name is looked up once', async () => {
    let lookups = 0;
    const lookup = async () => {
      lookups += 1;
      return lookups === 1 ? [loopback] : [{ address: '127.0.0.99', family: 4 }];
    };
    assert.equal(await failureOf(`https://issuer.example:${port}/keys`, { lookup }), 'read');
    assert.equal(lookups, 1);
  });

  it('needs a certificate of the name from a known authority', async () => {
    assert.match(await failureOf(configuration, { ca: undefined as never }), /did not answer/);
    const wrong = trust(`https://wrong.example:${port}`);
    assert.match(await failureOf(`https://wrong.example:${port}/keys`, { trusted: wrong }), /did not answer/);
  });

  it('is not followed through a redirect', async () => {
    state.instead.set('/keys', (_, response) => response.writeHead(302, { location: configuration }).end());
    assert.match(await failureOf(`https://localhost:${port}/keys`), /redirect, which is not followed/);
    assert.deepEqual(state.asked, ['/keys']);
  });

  it('must come in time', async () => {
    state.instead.set('/keys', () => undefined);
    assert.match(await failureOf(`https://localhost:${port}/keys`, { limitMillis: 50 }), /did not answer in time/);
    state.instead.set('/keys', (_, response) => response.writeHead(200).write('{'));
    assert.match(await failureOf(`https://localhost:${port}/keys`, { limitMillis: 50 }), /did not answer in time/);
    const lookup = () => new Promise<never>(() => undefined);
    assert.match(await failureOf(configuration, { lookup, limitMillis: 20 }), /did not answer in time/);
  });

  it('must be no longer than 256 KiB', async () => {
    const json = (length: number) => JSON.stringify('x'.repeat(length - 2));
    state.instead.set('/keys', (_, response) => response.end(json(256 * 1024)));
    assert.equal(await failureOf(`https://localhost:${port}/keys`), 'read');
    state.instead.set('/keys', (_, response) => response.end(json(256 * 1024 + 1)));
    assert.match(await failureOf(`https://localhost:${port}/keys`), /more than 262144 bytes/);
  });

  it('must be JSON with status 200', async () => {
    state.instead.set('/keys', (_, response) => response.end('<html>'));
    assert.match(await failureOf(`https://localhost:${port}/keys`), /not JSON/);
    assert.match(await failureOf(`https://localhost:${port}/nothing`), /status 404/);
    state.instead.set('/keys', (request) => request.socket.destroy());
    assert.match(await failureOf(`https://localhost:${port}/keys`), /did not answer\./);
  });

  it('is not to be had where the name leads nowhere', async () => {
    assert.match(await failureOf(configuration, { lookup: async () => [] }), /leads nowhere/);
    const failing = { lookup: () => Promise.reject(new Error('ENOTFOUND')) };
    assert.match(await failureOf(configuration, failing), /did not answer/);
  });
});
