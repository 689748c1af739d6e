import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { isRefusal } from '../../../src/core/refusal.ts';
import { decodeToken, jsonOf, openedTokenService, origin } from '../opened.ts';

const machine = '/subscriptions/s/resourcegroups/rg/providers/Microsoft.Compute/virtualMachines/web-1';
const arm = 'https://management.azure.com/';
const day = 86_400;

async function opened() {
  const service = await openedTokenService();
  const { directory, app, issuer, verifier, tenantId } = service;
  const { principal, writes } = directory.planManagedIdentity({
    resourceId: machine,
    displayName: 'web-1',
    isExplicit: false,
  });
  await service.store.transact(writes);
  return {
    ...service,
    token: async () => {
      const issued = await issuer.issueManagedIdentityToken({ principal, resource: arm, identityResourceId: machine });
      assert.ok(!isRefusal(issued));
      return { text: issued.accessToken, kid: String(decodeToken(issued.accessToken).header['kid']), issued };
    },
    verdict: async (token: string) => {
      const verified = await verifier.verify(token, [arm]);
      return 'rejected' in verified ? verified.rejected : 'accepted';
    },
    published: async () => {
      const { keys } = await jsonOf(await app.fetch(new Request(`${origin}/${tenantId}/discovery/v2.0/keys`)));
      return (keys as unknown as { kid: string }[]).map(({ kid }) => kid);
    },
  };
}

describe('the rotation of signing keys', async () => {
  const service = await opened();
  after(service.close);
  const { keys, clock, token, verdict, published } = service;
  const first = await token();

  it('publishes the next key at once and signs with it a day later', async () => {
    const next = await keys.rotate({});
    assert.ok(!isRefusal(next));
    assert.equal(next.state, 'next');
    assert.deepEqual(await published(), [next.kid, first.kid]);
    assert.equal((await token()).kid, first.kid);
    clock.advance(day - 1);
    assert.equal((await token()).kid, first.kid);
    clock.advance(1);
    assert.equal((await token()).kid, next.kid);
  });

  it('keeps the old key published, and its tokens good, until the last of them has ended', async () => {
    const [signing, previous] = keys.keys();
    assert.deepEqual([signing?.state, previous?.state], ['signing', 'previous']);
    assert.equal(previous?.removedAt, (signing?.signsFrom ?? 0) + (day + 300) * 1000);
    assert.deepEqual((await keys.tend()).removed, []);
    clock.advance(day + 299);
    assert.deepEqual(await keys.tend(), { made: [], removed: [] });
    assert.equal(await verdict(first.text), 'expired');
    clock.advance(1);
    assert.deepEqual((await keys.tend()).removed, [first.kid]);
    assert.deepEqual(await published(), [signing?.kid]);
    assert.equal(await verdict(first.text), 'unknownKey');
  });

  it('happens by age: the next key comes on day 89 and signs from day 90', async () => {
    const [signing] = keys.keys();
    clock.set(new Date((signing?.signsFrom ?? 0) + 89 * day * 1000 - 1).toISOString());
    assert.deepEqual(await keys.tend(), { made: [], removed: [] });
    clock.advance(0.001);
    const { made } = await keys.tend();
    assert.equal(made.length, 1);
    assert.deepEqual(await keys.tend(), { made: [], removed: [] });
    assert.equal((await token()).kid, signing?.kid);
    clock.advance(day);
    assert.equal((await token()).kid, made[0]);
  });

  it('is not asked for twice: Conflict names the key that waits', async () => {
    const next = await keys.rotate({});
    assert.ok(!isRefusal(next));
    const again = await keys.rotate({});
    assert.ok(isRefusal(again));
    assert.equal(again.refused, 'Conflict');
    assert.ok(again.message.includes(next.kid));
  });

  it('may let the key that waits sign at once', async () => {
    const before = await token();
    const waiting = keys.keys().find(({ state }) => state === 'next');
    const promoted = await keys.rotate({ now: true });
    assert.ok(!isRefusal(promoted));
    assert.equal(promoted.kid, waiting?.kid);
    assert.equal((await token()).kid, waiting?.kid);
    assert.equal(await verdict(before.text), 'accepted');
  });

  it('may take every other key away at once, and with them their tokens', async () => {
    const before = await token();
    assert.equal(service.issuer.isStanding(before.issued), true);
    const only = await keys.rotate({ revoke: true });
    assert.ok(!isRefusal(only));
    assert.deepEqual(await published(), [only.kid]);
    assert.equal(await verdict(before.text), 'unknownKey');
    assert.equal(service.issuer.isStanding(before.issued), false);
    const fresh = await token();
    assert.equal(fresh.kid, only.kid);
    assert.equal(await verdict(fresh.text), 'accepted');
  });

  it('outlives a restart', async () => {
    const next = await keys.rotate({});
    assert.ok(!isRefusal(next));
    const again = (await service.again()).keys;
    assert.deepEqual(again.keys(), keys.keys());
  });
});
