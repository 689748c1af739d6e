import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Json } from '../../../src/core/json.ts';
import type { ReadDocument } from '../../../src/sts/federation/issuer-documents.ts';
import { openIssuerKeys } from '../../../src/sts/federation/issuer-keys.ts';
import { setClock } from '../../directory/opened.ts';
import { issuerPair } from './issuer-server.ts';

const issuer = 'https://issuer.example/tenant';
const discovery = `${issuer}/.well-known/openid-configuration`;
const [one, two] = [issuerPair('one'), issuerPair('two')];

describe('the keys of an issuer', () => {
  const documents = new Map<string, Json | undefined>();
  let asked: string[] = [];
  let clock = setClock();
  let keys = openIssuerKeys({ read }, clock);

  async function read(url: string): Promise<ReadDocument> {
    asked.push(url);
    const json = documents.get(url);
    return json === undefined ? { failed: 'it is down' } : { json };
  }
  const find = async (kid: string, of = issuer) => {
    const found = await keys.find(of, kid);
    return 'fault' in found ? found.fault : found.kid;
  };
  const publish = (...pairs: readonly (typeof one)[]) =>
    documents.set(`${issuer}/keys`, { keys: pairs.map(({ jwk }) => jwk) });

  beforeEach(() => {
    asked = [];
    clock = setClock();
    keys = openIssuerKeys({ read }, clock);
    documents.set(discovery, { issuer, jwks_uri: `${issuer}/keys` });
    publish(one);
  });

  it('are found by the discovery document and kept for an hour', async () => {
    assert.equal(await find('one'), 'one');
    assert.deepEqual(asked, [discovery, `${issuer}/keys`]);
    clock.advance(3599);
    assert.equal(await find('one'), 'one');
    assert.equal(asked.length, 2);
    clock.advance(1);
    assert.equal(await find('one'), 'one');
    assert.equal(asked.length, 4);
  });

  it('are asked for once by many at the same time', async () => {
    assert.deepEqual(await Promise.all([find('one'), find('one'), find('two')]), ['one', 'one', 'unknownKey']);
    assert.equal(asked.length, 2);
  });

  it('are asked for again for an unknown kid, but not within half a minute', async () => {
    await find('one');
    publish(one, two);
    assert.equal(await find('two'), 'unknownKey');
    clock.advance(29);
    assert.equal(await find('two'), 'unknownKey');
    assert.equal(asked.length, 2);
    clock.advance(1);
    assert.equal(await find('two'), 'two');
    assert.equal(asked.length, 4);
  });

  it('are gone when the issuer has taken them away', async () => {
    await find('one');
    publish(two);
    clock.advance(30);
    assert.equal(await find('two'), 'two');
    assert.equal(await find('one'), 'unknownKey');
  });

  it('stay good for a day while the issuer does not answer, which is asked twice a minute', async () => {
    await find('one');
    documents.set(discovery, undefined);
    clock.advance(3600);
    assert.equal(await find('one'), 'one');
    assert.equal(await find('one'), 'one');
    assert.equal(asked.length, 3);
    clock.advance(86_400 - 3600 - 1);
    assert.equal(await find('one'), 'one');
    clock.advance(1);
    assert.equal(await find('one'), 'unreachable');
  });

  it('are unreachable while it never answered, and asked for again after half a minute', async () => {
    documents.set(discovery, undefined);
    assert.equal(await find('one'), 'unreachable');
    assert.equal(await find('one'), 'unreachable');
    assert.equal(asked.length, 1);
    documents.set(discovery, { issuer, jwks_uri: `${issuer}/keys` });
    clock.advance(30);
    assert.equal(await find('one'), 'one');
  });

  it('are those of the issuer that the document names, to the letter', async () => {
    for (const named of [`${issuer}/`, issuer.toUpperCase(), 'https://other.example', null]) {
      documents.set(discovery, { issuer: named, jwks_uri: `${issuer}/keys` });
      keys = openIssuerKeys({ read }, clock);
      assert.equal(await find('one'), 'unreachable', String(named));
    }
    documents.set('https://slash.example/.well-known/openid-configuration', {
      issuer: 'https://slash.example/',
      jwks_uri: `${issuer}/keys`,
    });
    assert.equal(await find('one', 'https://slash.example/'), 'one');
  });

  const none: readonly (readonly [string, Json])[] = [
    ['no list', { keys: {} }],
    ['an elliptic key', { keys: [{ ...one.jwk, kty: 'EC' }] }],
    ['a key for encryption', { keys: [{ ...one.jwk, use: 'enc' }] }],
    ['a key of another algorithm', { keys: [{ ...one.jwk, alg: 'RS512' }] }],
    ['a key without a kid', { keys: [{ ...one.jwk, kid: null }] }],
    ['a key of 1024 bits', { keys: [issuerPair('one', 1024).jwk] }],
    ['a key that is text', { keys: ['one'] }],
  ];
  for (const [title, keySet] of none) {
    it(`are not read from ${title}`, async () => {
      documents.set(`${issuer}/keys`, keySet);
      assert.match(await find('one'), /unknownKey|unreachable/);
    });
  }
});
