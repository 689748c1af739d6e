import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { LocalUser } from '../../src/core/access/caller.ts';
import type { AccessVerdict, GuardQuestion } from '../../src/core/ports/access-guard.ts';
import type { Caller } from '../../src/core/ports/caller.ts';
import { arm, armQuery, type Imds, openImds, systemAssigned, tokenPath, userAssigned, web1, web2 } from './fakes.ts';

const path = `${tokenPath}${armQuery}`;
const system = systemAssigned(web1);
const shared = userAssigned('id1', '1');
const [alice, bob]: LocalUser[] = [
  { uid: 1000, userName: 'alice', groupNames: ['alice'] },
  { uid: 1001, userName: 'bob', groupNames: ['bob'] },
];
const profileVersionId = '/subscriptions/s/galleries/g/inVMAccessControlProfiles/p/versions/1.0.0';
const deny: AccessVerdict = { mode: 'Enforce', decision: 'Deny', rule: 'defaultAccess Deny', profileVersionId };
const allow: AccessVerdict = { ...deny, decision: 'Allow', rule: "role 'r' by privilege 'p'" };

let imds: Imds;
beforeEach(async () => {
  imds = await openImds();
  imds.attach(web1, [system]);
  imds.attach(web2, []);
});
afterEach(() => imds.close());

function called(user: LocalUser | undefined): Caller {
  return { user: () => user, process: () => undefined };
}

function as(user: LocalUser | undefined): void {
  imds.calledBy(() => called(user));
}

describe('a token', () => {
  it('names the user to whom it is handed, and the machine', async () => {
    as(alice);
    await imds.ask(path);
    assert.deepEqual(imds.asked[0]?.actor, { userName: 'alice', uid: 1000, machineResourceId: web1 });
  });

  it('is held for each user alone', async () => {
    const tokens: (string | undefined)[] = [];
    for (const user of [alice, bob, undefined, alice, bob, undefined]) {
      as(user);
      tokens.push((await imds.ask(path)).json['access_token']);
    }
    assert.deepEqual(tokens, ['token-1', 'token-2', 'token-3', 'token-1', 'token-2', 'token-3']);
  });

  it('is another for another name with the same number, and the same number with another name', async () => {
    for (const user of [alice, { ...alice, userName: 'eve' }, { ...alice, uid: 1002 }] as LocalUser[]) {
      as(user);
      await imds.ask(path);
    }
    assert.deepEqual(
      imds.asked.map(({ actor }) => `${actor?.uid} ${actor?.userName}`),
      ['1000 alice', '1000 eve', '1002 alice'],
    );
  });

  it('names nobody when it cannot be said who asks', async () => {
    as(undefined);
    await imds.ask(path);
    assert.equal(imds.asked[0]?.actor, undefined);
  });

  it('waits until it is known who asks', async () => {
    const later = Promise.withResolvers<LocalUser | undefined>();
    imds.calledBy(() => ({ user: () => later.promise, process: () => undefined }));
    const asking = imds.ask(path);
    later.resolve(bob);
    assert.equal((await asking).status, 200);
    assert.equal(imds.asked[0]?.actor?.userName, 'bob');
  });
});

describe('in-VM access control in Enforce', () => {
  it('denies with 403, and says who, by which rule and whom to ask', async () => {
    as(bob);
    imds.guardedBy(() => deny);
    const { status, json } = await imds.ask(path);
    assert.equal(status, 403);
    assert.equal(json['error'], 'access_denied');
    const text = json['error_description'] ?? '';
    for (const part of ["'bob' (uid 1001)", "'web-1'", 'defaultAccess Deny', profileVersionId, 'Ask whoever']) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.equal(imds.asked.length, 0);
  });

  it('lets pass what it allows', async () => {
    as(alice);
    imds.guardedBy(() => allow);
    assert.equal((await imds.ask(path)).status, 200);
  });

  it('denies whoever cannot be identified, even where the profile allows', async () => {
    imds.guardedBy(() => allow);
    const { status, json } = await imds.ask(path);
    assert.equal(status, 403);
    assert.match(json['error_description'] ?? '', /cannot be identified/);
  });

  it('denies a token that is held, from the next request on', async () => {
    as(alice);
    assert.equal((await imds.ask(path)).status, 200);
    imds.guardedBy(() => deny);
    assert.equal((await imds.ask(path)).status, 403);
  });

  it('holds for every path', async () => {
    as(bob);
    imds.guardedBy(() => deny);
    for (const other of [
      '/metadata/versions',
      '/metadata/instance?api-version=2021-02-01',
      '/metadata/identity/info?api-version=2018-02-01',
      '/metadata/attested/document?api-version=2021-02-01',
      '/metadata/attested/authority.cer',
      '/metadata/scheduledevents?api-version=2020-07-01',
      '/metadata/identity/getplatformmetadata?cred-api-version=2.0',
      '/metadata/loadbalancer?api-version=2020-10-01',
    ]) {
      assert.equal((await imds.ask(other)).status, 403, other);
    }
    const issuing = '/metadata/identity/issuecredential?cred-api-version=2.0';
    assert.equal((await imds.ask(issuing, { method: 'POST', body: '{}' })).status, 403);
  });

  it('tells who is denied nothing about identities that do not exist', async () => {
    as(bob);
    imds.guardedBy(() => deny);
    assert.equal((await imds.ask(`${path}&client_id=99999999-0000-4000-8000-000000000000`)).status, 403);
    assert.equal((await imds.ask(`${tokenPath}?api-version=2018-02-01`)).status, 403);
  });

  it('decides on the identity that is selected, however it is named', async () => {
    imds.attach(web1, [system, shared]);
    as(alice);
    const questions: GuardQuestion[] = [];
    imds.guardedBy((question) => {
      questions.push(question);
      return allow;
    });
    const id = encodeURIComponent(shared.resourceId);
    for (const selector of [
      `client_id=${shared.clientId.toUpperCase()}`,
      `object_id=${shared.principalId}`,
      `mi_res_id=${id}`,
      `MSI_RES_ID=${id.toUpperCase()}`,
    ]) {
      const twisted = path.replace('/oauth2/token', '/OAuth2/%74oken/').replace('resource=', 'RESOURCE=');
      assert.equal((await imds.ask(`${twisted}&${selector}&xms_cc=`)).status, 200, selector);
    }
    const [first, ...others] = questions.map(({ request }) => request);
    assert.equal(first?.identity?.principalId, shared.principalId);
    assert.equal(first?.path, tokenPath);
    for (const other of others) assert.deepEqual(other, first);
  });

  it('reads the request anew when the machine changed while it decided', async () => {
    as(alice);
    const verdict = Promise.withResolvers<AccessVerdict>();
    imds.guardedBy(() => verdict.promise);
    const asking = imds.ask(path);
    while (imds.asked.length === 0 && imds.questions() === 0) await new Promise(setImmediate);
    imds.attach(web1, []);
    verdict.resolve(allow);
    assert.equal((await asking).status, 400);
    assert.equal(imds.asked.length, 0);
  });

  it('that cannot decide lets nobody pass', async () => {
    as(alice);
    imds.guardedBy(() => Promise.reject(new Error('the store is gone')));
    assert.equal((await imds.ask(path)).status, 500);
    assert.equal(imds.asked.length, 0);
  });
});

describe('in-VM access control in Audit', () => {
  const audit: AccessVerdict = { ...deny, mode: 'Audit' };

  it('records and lets pass', async () => {
    as(bob);
    imds.guardedBy(() => audit);
    assert.equal((await imds.ask(path)).status, 200);
    assert.equal((await imds.ask('/metadata/versions')).status, 200);
    assert.deepEqual(
      imds.signIns.map(({ outcome, access, request }) => [outcome, access?.decision, request.path]),
      [
        ['issued', 'Deny', tokenPath],
        ['handedOver', 'Deny', '/metadata/versions'],
      ],
    );
  });

  it('lets pass whoever cannot be identified', async () => {
    imds.guardedBy(() => audit);
    assert.equal((await imds.ask(path)).status, 200);
  });
});

describe('the sign-in log', () => {
  it('has who asked what, and what came of it', async () => {
    as(alice);
    imds.guardedBy(() => allow);
    const headers = { Metadata: 'true', 'X-MS-Client-Request-Id': 'request-1' };
    await imds.ask(path, { headers });
    await imds.ask(path);
    const { principalId, clientId, resourceId } = system;
    const same = {
      time: imds.now(),
      machineResourceId: web1,
      user: alice,
      identity: { principalId, clientId, resourceId },
      request: { path: tokenPath, query: { 'api-version': '2018-02-01', resource: arm.slice(0, -1) } },
      access: allow,
      uti: 'uti-1',
    };
    const [first, second] = imds.signIns;
    assert.deepEqual(first, { ...same, outcome: 'issued', clientRequestId: 'request-1' });
    assert.deepEqual(second, { ...same, outcome: 'handedOver' });
  });

  it('has denials and failures', async () => {
    as(bob);
    await imds.ask(`${path}&client_id=99999999-0000-4000-8000-000000000000`);
    imds.guardedBy(() => deny);
    await imds.ask(path);
    const [failed, denied] = imds.signIns;
    assert.equal(failed?.outcome, 'failed');
    assert.equal(failed?.failure?.code, 'imdsIdentityNotFound');
    assert.equal(denied?.outcome, 'denied');
    assert.equal(denied?.uti, undefined);
  });

  it('has a new token before the machine has it', async () => {
    as(alice);
    const write = imds.holdLog();
    let isAnswered = false;
    const asking = imds.ask(path).finally(() => {
      isAnswered = true;
    });
    while (imds.asked.length === 0) await new Promise(setImmediate);
    assert.equal((await imds.ask('/metadata/versions')).status, 200);
    assert.equal(isAnswered, false);
    write();
    assert.equal((await asking).status, 200);
  });

  it('that cannot be written lets no new token out', async () => {
    as(alice);
    imds.logFails(true);
    const { status, text } = await imds.ask(path);
    assert.equal(status, 500);
    assert.doesNotMatch(text, /token-1/);
  });

  it('that fails lets no held token out either, until it works again', async () => {
    as(alice);
    await imds.ask(path);
    imds.logFails(true);
    await imds.ask(path);
    assert.equal((await imds.ask(path)).status, 500);
    imds.logFails(false);
    assert.equal((await imds.ask(path)).status, 200);
  });
});
