import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AccessVerdict } from '../../src/core/ports/access-guard.ts';
import type { MachineTokenQuestion } from '../../src/core/ports/machine-tokens.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { arm, type Imds, openImds, systemAssigned, userAssigned, web1, web2 } from './fakes.ts';

const system = systemAssigned(web1);
const shared = userAssigned('id1', '1');
const question: MachineTokenQuestion = {
  machineResourceId: web1,
  path: '/msi/token',
  resource: arm,
  selectors: {},
  systemAssignedOnly: true,
  clientRequestId: 'request-1',
};
const profileVersionId = '/subscriptions/s/galleries/g/inVMAccessControlProfiles/p/versions/1.0.0';
const deny: AccessVerdict = {
  mode: 'Enforce',
  decision: 'Deny',
  rule: 'the caller could not be identified',
  profileVersionId,
};

let imds: Imds;
beforeEach(async () => {
  imds = await openImds();
  imds.attach(web1, [system, shared]);
});
afterEach(() => imds.close());

async function ask(more: Partial<MachineTokenQuestion> = {}): Promise<string> {
  const answer = await imds.machineTokens.tokenFor({ ...question, ...more });
  return isRefusal(answer) ? answer.refused : answer.token.accessToken;
}

describe("a machine's token at another door", () => {
  it('is held, and each hand-over is recorded as nobody’s', async () => {
    assert.deepEqual([await ask(), await ask()], ['token-1', 'token-1']);
    assert.deepEqual(
      imds.signIns.map(({ outcome, user, uti }) => [outcome, user, uti]),
      [
        ['issued', undefined, 'uti-1'],
        ['handedOver', undefined, 'uti-1'],
      ],
    );
    const { machineResourceId, request, identity, clientRequestId, access } = imds.signIns[0] ?? {};
    assert.deepEqual(request, { path: '/msi/token', query: { resource: 'https://management.azure.com' } });
    assert.deepEqual([machineResourceId, identity?.clientId], [web1, system.clientId]);
    assert.deepEqual([clientRequestId, access], ['request-1', undefined]);
  });

  it('is of the identity that is selected, and of no other', async () => {
    assert.equal(await ask({ selectors: { clientId: shared.clientId } }), 'token-1');
    assert.equal(imds.asked[0]?.principal.objectId, shared.principalId);
    assert.equal(await ask({ selectors: { clientId: systemAssigned(web2, '2').clientId } }), 'imdsIdentityNotFound');
    assert.equal(imds.signIns.at(-1)?.outcome, 'failed');
    assert.equal(await ask({ machineResourceId: web2 }), 'imdsIdentityNotFound');
  });
});

describe('in-VM access control at another door', () => {
  it('is asked about a caller whom nobody can name', async () => {
    imds.guardedBy(({ machineResourceId, caller, request }) => {
      assert.deepEqual([machineResourceId, caller.user(), caller.process()], [web1, undefined, undefined]);
      assert.equal(request.identity?.clientId, system.clientId);
      assert.equal(request.query.get('resource'), 'https://management.azure.com');
      return deny;
    });
    assert.equal(await ask(), 'imdsAccessDenied');
    assert.equal(imds.questions(), 1);
  });

  it('denies in Enforce and records it; no token is made, and one that is held is not handed over', async () => {
    assert.equal(await ask(), 'token-1');
    imds.guardedBy(() => deny);
    const answer = await imds.machineTokens.tokenFor(question);
    assert.ok(isRefusal(answer));
    assert.match(answer.message, /cannot be identified, is denied .*'web-1'.*1\.0\.0\. Ask whoever administers/);
    const { outcome, access, uti } = imds.signIns.at(-1) ?? {};
    assert.deepEqual([outcome, access, uti], ['denied', deny, undefined]);
    imds.guardedBy(() => undefined);
    assert.equal(await ask(), 'token-1');
    assert.equal(imds.asked.length, 1);
  });

  it('tells who is denied nothing of the identities there are', async () => {
    imds.guardedBy(async () => deny);
    assert.equal(await ask({ selectors: { clientId: 'none' } }), 'imdsAccessDenied');
    assert.equal(await ask({ selectors: { clientId: shared.clientId } }), 'imdsAccessDenied');
  });

  it('denies in Enforce also where the rules would let everybody in, for nobody is not somebody', async () => {
    imds.guardedBy(() => ({ ...deny, decision: 'Allow', rule: 'defaultAccess Allow' }));
    assert.equal(await ask(), 'imdsAccessDenied');
  });

  it('lets pass in Audit, and records that it would have denied', async () => {
    imds.guardedBy(() => ({ ...deny, mode: 'Audit' }));
    assert.equal(await ask(), 'token-1');
    const { outcome, access } = imds.signIns.at(-1) ?? {};
    assert.deepEqual([outcome, access?.decision, access?.mode], ['issued', 'Deny', 'Audit']);
  });

  it('is asked anew where the machine changed while its profile was loaded', async () => {
    let loaded = 0;
    imds.guardedBy(async () => {
      loaded += 1;
      if (loaded === 1) imds.attach(web1, [shared]);
      return { ...deny, mode: 'Audit' };
    });
    assert.equal(await ask(), 'imdsIdentityNotFound');
    assert.equal(loaded, 2);
  });
});
