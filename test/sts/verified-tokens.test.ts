import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRefusal } from '../../src/core/refusal.ts';
import { signingKeyDocument } from '../../src/sts/keys/signing-key.ts';
import { decodeToken, openedTokenService } from './opened.ts';

const resource = 'https://management.azure.com/';
const identityResourceId = '/subscriptions/s/resourcegroups/rg/providers/Microsoft.Compute/virtualMachines/web-1';

/** A token service of its own, and a token that it has verified once. */
async function verified() {
  const service = await openedTokenService();
  const { principal } = service.directory.planManagedIdentity({
    resourceId: identityResourceId,
    displayName: 'web-1',
    isExplicit: false,
  });
  const issued = await service.issuer.issueManagedIdentityToken({ principal, resource, identityResourceId });
  assert.ok(!isRefusal(issued));
  const token = issued.accessToken;
  const verdict = async (text = token, audience = resource) => {
    const answer = await service.verifier.verify(text, [audience]);
    return 'rejected' in answer ? answer.rejected : 'accepted';
  };
  assert.equal(await verdict(), 'accepted');
  return { ...service, token, issued, verdict };
}

describe('a token that was accepted before', () => {
  it('is accepted again, and one that differs in a character is not', async () => {
    const { token, verdict, close } = await verified();
    assert.equal(await verdict(), 'accepted');
    const at = token.length - 20;
    const other = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
    assert.equal(await verdict(other), 'signature');
    await close();
  });

  it('is refused for another audience', async () => {
    const { verdict, close } = await verified();
    assert.equal(await verdict(undefined, 'https://vault.azure.net'), 'audience');
    await close();
  });

  it('is refused from the second on at which it expires', async () => {
    const { verdict, clock, issued, close } = await verified();
    clock.set(new Date(issued.expiresOn * 1000 - 1).toISOString());
    assert.equal(await verdict(), 'accepted');
    clock.set(new Date(issued.expiresOn * 1000).toISOString());
    assert.equal(await verdict(), 'expired');
    await close();
  });

  it('is refused once its key has been taken away', async () => {
    const { verdict, store, token, close } = await verified();
    await store.transact([{ remove: signingKeyDocument(String(decodeToken(token).header['kid'])) }]);
    assert.equal(await verdict(), 'unknownKey');
    await close();
  });
});
