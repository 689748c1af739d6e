import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { after, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { openKeyRing } from '../../src/sts/keys/key-ring.ts';
import { decodeToken, openedTokenService, origin } from './opened.ts';

const service = await openedTokenService();
after(service.close);
const { verifier, issuer, directory, clock, tenantId } = service;
const key = (await openKeyRing(service)).current();
const arm = ['https://management.azure.com/', 'https://management.azure.com'];
const machine = '/subscriptions/s/resourcegroups/rg/providers/Microsoft.Compute/virtualMachines/web-1';

const { principal, writes } = directory.planManagedIdentity({
  resourceId: machine,
  displayName: 'web-1',
  isExplicit: false,
});
await service.store.transact(writes);
const issue = async (resource = 'https://management.azure.com/') => {
  const issued = await issuer.issueManagedIdentityToken({ principal, resource, identityResourceId: machine });
  assert.ok(!isRefusal(issued));
  return issued;
};
const good = (await issue()).accessToken;
const { header, claims } = decodeToken(good);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** The good token with other header fields or claims, signed anew with the true key. */
const forge = (moreClaims: JsonObject = {}, moreHeader: JsonObject = {}, privateKey = key.privateKey) => {
  const signed = `${encode({ ...header, ...moreHeader })}.${encode({ ...claims, ...moreClaims })}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
};
const rejection = async (token: string, audiences = arm) => {
  const verdict = await verifier.verify(token, audiences);
  return 'rejected' in verdict ? verdict.rejected : 'accepted';
};

describe('a token of this tenant', () => {
  it('is accepted with its claims', async () => {
    const verified = await verifier.verify(good, arm);
    assert.ok(!('rejected' in verified));
    assert.equal(verified.objectId, principal.objectId);
    assert.equal(verified.appId, principal.appId);
    assert.equal(verified.tenantId, tenantId);
    assert.equal(verified.audience, 'https://management.azure.com/');
    assert.equal(verified.issuer, `https://sts.windows.net/${tenantId}/`);
    assert.equal(verified.identityResourceId, machine);
    assert.equal(verified.machineResourceId, undefined);
    assert.deepEqual(verified.roles, []);
    assert.deepEqual(verified.claims, claims);
  });

  it('is accepted after a restart, by the key kept in the store', async () => {
    assert.equal((await openKeyRing(service)).current().kid, key.kid);
  });

  it('carries the times that its issuing answered', async () => {
    const issued = await issue();
    const decoded = decodeToken(issued.accessToken).claims;
    assert.equal(issued.notBefore, decoded['nbf']);
    assert.equal(issued.expiresOn, decoded['exp']);
    assert.equal(issued.expiresOn - issued.notBefore, 86_700);
  });

  it('is another each time, with claims of the lengths that Entra’s have', async () => {
    const [one, two] = await Promise.all([issue(), issue()]);
    assert.notEqual(one.accessToken, two.accessToken);
    assert.match(String(claims['uti']), /^[\w-]{22}$/);
    assert.match(String(claims['rh']), /^1\.[\w-]{56}\.$/);
    assert.match(String(claims['aio']), /^[A-Za-z0-9+/]{52}$/);
  });

  for (const iss of [
    `${'https://localhost:8443'}/${'T'}/`,
    `${'https://localhost:8443'}/T/v2.0`,
    'https://login.microsoftonline.com/T/v2.0',
  ]) {
    it(`is accepted from ${iss}`, async () => {
      assert.equal(await rejection(forge({ iss: iss.replace('T', tenantId) })), 'accepted');
    });
  }

  it('may lack typ, name its key by x5t alone, and its client by azp', async () => {
    const { typ: _t, kid, ...rest } = header;
    const { appid, ...others } = claims;
    const signed = `${encode({ ...rest, x5t: kid })}.${encode({ ...others, azp: appid })}`;
    const token = `${signed}.${sign('sha256', Buffer.from(signed), key.privateKey).toString('base64url')}`;
    assert.equal(await rejection(token), 'accepted');
  });

  it('for an unknown resource is refused', async () => {
    const refused = await issuer.issueManagedIdentityToken({
      principal,
      resource: 'https://x.example',
      identityResourceId: machine,
    });
    assert.ok(isRefusal(refused));
    assert.equal(refused.refused, 'AADSTS500011');
  });
});

describe('what is not a good token is told apart', () => {
  const [h = '', p = '', s = ''] = good.split('.');
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const nowSeconds = Math.floor(clock.now() / 1000);
  const hs256 = () => {
    const signed = `${encode({ ...header, alg: 'HS256' })}.${p}`;
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
    return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
  };
  const flipped = `${h}.${p}.${s.startsWith('A') ? 'B' : 'A'}${s.slice(1)}`;
  const cases: readonly (readonly [string, () => string, string])[] = [
    ['nothing', () => '', 'malformed'],
    ['a word', () => 'token', 'malformed'],
    ['two parts', () => `${h}.${p}`, 'malformed'],
    ['four parts', () => `${good}.${s}`, 'malformed'],
    ['a header that is no JSON', () => `bm90anNvbg.${p}.${s}`, 'malformed'],
    ['a header that is a list', () => `${encode([])}.${p}.${s}`, 'malformed'],
    ['padded base64', () => `${good}=`, 'malformed'],
    ['a stray character', () => `${good}!`, 'malformed'],
    ['17 KB', () => `${h}.${'A'.repeat(17_000)}.${s}`, 'malformed'],
    ['a critical extension', () => forge({}, { crit: ['b64'], b64: true }), 'malformed'],
    ['no tid', () => forge({ tid: null }), 'malformed'],
    ['an exp that is text', () => forge({ exp: '99999999999' }), 'malformed'],
    ['two audiences', () => forge({ aud: [...arm] }), 'malformed'],
    ['alg none without a signature', () => `${encode({ ...header, alg: 'none' })}.${p}.`, 'algorithm'],
    ['alg none with a signature', () => forge({}, { alg: 'none' }), 'algorithm'],
    ['HS256 over the public key', hs256, 'algorithm'],
    ['PS256', () => forge({}, { alg: 'PS256' }), 'algorithm'],
    ['rs256 in lower case', () => forge({}, { alg: 'rs256' }), 'algorithm'],
    ['an unknown kid', () => forge({}, { kid: 'unknown' }), 'unknownKey'],
    [
      'a key in its own header',
      () => forge({}, { kid: 'mine', jwk: { kty: 'RSA' } }, stranger.privateKey),
      'unknownKey',
    ],
    ['another key under our kid', () => forge({}, {}, stranger.privateKey), 'signature'],
    ['one bit of the signature', () => flipped, 'signature'],
    ['one claim', () => `${h}.${encode({ ...claims, oid: 'someone' })}.${s}`, 'signature'],
    ['another tenant', () => forge({ tid: '11111111-2222-4333-a444-555555555555' }), 'tenant'],
    ['another issuer', () => forge({ iss: `https://evil.example/${tenantId}/` }), 'issuer'],
    ['an issuer without its slash', () => forge({ iss: `https://sts.windows.net/${tenantId}` }), 'issuer'],
    ['expired this second', () => forge({ exp: nowSeconds }), 'expired'],
    ['valid from the next second', () => forge({ nbf: nowSeconds + 1 }), 'notYetValid'],
    ['another audience', () => forge({ aud: 'https://graph.microsoft.com' }), 'audience'],
    ['an audience in other case', () => forge({ aud: 'https://MANAGEMENT.azure.com/' }), 'audience'],
  ];
  for (const [title, token, rejected] of cases) {
    it(`${title}: ${rejected}`, async () => assert.equal(await rejection(token()), rejected));
  }

  it('but a second either side is good', async () => {
    assert.equal(await rejection(forge({ exp: nowSeconds + 1 })), 'accepted');
    assert.equal(await rejection(forge({ nbf: nowSeconds })), 'accepted');
  });

  it('says when it expired, whose it is, and for whom', async () => {
    assert.deepEqual(await verifier.verify(forge({ exp: 5 }), arm), { rejected: 'expired', expiresOn: 5 });
    assert.deepEqual(await verifier.verify(good, [`${origin}/`]), { rejected: 'audience', audience: arm[0] });
    assert.deepEqual(await verifier.verify(forge({ iss: 'x' }), arm), {
      rejected: 'issuer',
      issuer: 'x',
      tokenTenantId: tenantId,
    });
  });
});
