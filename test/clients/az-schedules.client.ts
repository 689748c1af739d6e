import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { answerOf } from './az-commands.ts';
import { azProgram, pythonFolder } from './az-installation.ts';
import { type ProgramResult, type RunningPostern, startPostern } from './running-postern.ts';

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const group = 'until-when';
const machine = { location: 'westeurope', identity: { type: 'SystemAssigned' } };
const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
let postern: RunningPostern;
let scope: string;
let principalId: string;

/** az on a machine; each user of it has a home of its own. */
const azOn = (machine: string, ...words: readonly string[]) => asUser(machine, undefined, [azProgram, ...words]);

function asUser(machine: string, user: string | undefined, argv: readonly string[]): ProgramResult {
  const env = ['env', 'AZURE_CORE_COLLECT_TELEMETRY=0', 'AZURE_CORE_ONLY_SHOW_ERRORS=1'];
  return postern.inside(machine, [...env, ...argv], user === undefined ? {} : { user });
}

function rest(method: string, url: string, body?: object): ProgramResult {
  const sent = body === undefined ? [] : ['--body', JSON.stringify(body)];
  return azOn('console', 'rest', '--method', method, '--url', url, ...sent, '--output', 'json');
}

const urlOf = (type: string, name: string, apiVersion = '2020-10-01') =>
  `${scope}/providers/Microsoft.Authorization/${type}/${name}?api-version=${apiVersion}`;

const wanted = (requestType: string, more: object = {}) => ({
  properties: {
    principalId,
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
    requestType,
    ...more,
  },
});

before(async () => {
  postern = await startPostern([pythonFolder()]);
  const { subscriptionId } = postern.environment;
  scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  answerOf(azOn('console', 'login', '--identity', '--output', 'json'));
  answerOf(azOn('console', 'group', 'create', '-n', group, '-l', 'westeurope', '--output', 'json'));
  const vm = `${scope}/providers/Microsoft.Compute/virtualMachines/web-1?api-version=2024-11-01`;
  const made = rest('put', vm, { ...machine, tags: { 'postern-users': 'alice bob' } });
  principalId = (answerOf(made) as { identity: { principalId: string } }).identity.principalId;
  answerOf(azOn('console', 'vm', 'wait', '-g', group, '-n', 'web-1', '--created', '--interval', '1'));
});
after(() => postern?.stop());

describe('az 2.91.0: role assignments with a time', () => {
  it('az rest PUT, GET and list of roleAssignmentScheduleRequests; az role assignment list while in force', () => {
    const scheduleInfo = { expiration: { type: 'AfterDuration', duration: 'PT1H' } };
    const put = rest(
      'put',
      urlOf('roleAssignmentScheduleRequests', randomUUID()),
      wanted('AdminAssign', { scheduleInfo }),
    );
    const made = answerOf(put) as Shown;
    assert.equal(made.properties['status'], 'Provisioned');
    const listed = answerOf(azOn('console', 'role', 'assignment', 'list', '--scope', scope, '--output', 'json'));
    assert.equal((listed as Shown[]).length, 1);
    const instances = answerOf(rest('get', urlOf('roleAssignmentScheduleInstances', ''))) as { value: Shown[] };
    assert.equal(instances.value[0]?.properties['principalId'], principalId);
  });

  it('az rest PUT of AdminRemove ends it', () => {
    const removed = answerOf(rest('put', urlOf('roleAssignmentScheduleRequests', randomUUID()), wanted('AdminRemove')));
    assert.equal((removed as Shown).properties['status'], 'Revoked');
    assert.deepEqual(answerOf(azOn('console', 'role', 'assignment', 'list', '--scope', scope, '--output', 'json')), []);
  });

  it('az rest PUT is refused with an expiration in the past', () => {
    const expiration = { type: 'AfterDateTime', endDateTime: '2020-01-01T00:00:00Z' };
    const body = wanted('AdminAssign', { scheduleInfo: { expiration } });
    const refused = rest('put', urlOf('roleAssignmentScheduleRequests', randomUUID()), body);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /in the past/);
  });
});

describe('az 2.91.0: a role for a user of a machine, when an operator agrees', () => {
  const request = (user: string, ...more: readonly string[]) => {
    const words = [
      'access',
      'request',
      '--role',
      'Contributor',
      '--for',
      '1h',
      '--reason',
      'the disk is full',
      '--json',
    ];
    return asUser('web-1', user, ['postern', ...words, ...more]);
  };
  const idOf = (result: ProgramResult) => (answerOf(result) as { id: string }).id;

  it('az rest PUT of roleEligibilityScheduleRequests for a managed identity', () => {
    const rule = { machineUsersOnly: true, approvalRequired: true };
    const body = wanted('AdminAssign', { posternActivation: rule });
    const made = answerOf(rest('put', urlOf('roleEligibilityScheduleRequests', randomUUID()), body)) as Shown;
    assert.equal(made.properties['status'], 'Provisioned');
  });

  it('postern access request, requests, deny', () => {
    const id = idOf(request('alice'));
    const listed = postern.postern('access', 'requests', '--json');
    const [pending] = answerOf(listed) as { id: string; user: string; reason: string }[];
    assert.deepEqual([pending?.id, pending?.user, pending?.reason], [id, 'alice', 'the disk is full']);
    const denied = answerOf(postern.postern('access', 'deny', id, '--reason', 'not today', '--json'));
    assert.equal((denied as { status: string }).status, 'Denied');
  });

  it('postern access approve: alice may tag the group, bob may not', () => {
    const id = idOf(request('alice'));
    const approved = answerOf(postern.postern('access', 'approve', id, '--json')) as { status: string };
    assert.equal(approved.status, 'Provisioned');
    const update = (user: string) => {
      const login = `${azProgram} login --identity --output none`;
      const tag = `${azProgram} group update -n ${group} --tags by=${user} --output none`;
      return asUser('web-1', user, ['sh', '-c', `cd && ${login} && ${tag}`]);
    };
    const alices = update('alice');
    assert.equal(alices.status, 0, alices.stderr);
    const bobs = update('bob');
    assert.notEqual(bobs.status, 0);
    assert.match(bobs.stderr, /AuthorizationFailed|No subscriptions/);
  });

  it('postern access request is refused to approve itself: az rest PATCH of the stage by the machine', () => {
    const id = idOf(request('bob'));
    const shown = answerOf(rest('get', urlOf('roleAssignmentScheduleRequests', id))) as Shown;
    const approval = answerOf(
      rest('get', `${String(shown.properties['approvalId'])}?api-version=2021-01-01-preview`),
    ) as { properties: { stages: Shown[] } };
    const stage = `https://management.azure.com${approval.properties.stages[0]?.id}?api-version=2021-01-01-preview`;
    const body = JSON.stringify({ reviewResult: 'Approve' });
    const patch = `${azProgram} rest --method patch --url '${stage}' --body '${body}'`;
    const refused = asUser('web-1', 'bob', [
      'sh',
      '-c',
      `cd && ${azProgram} login --identity --allow-no-subscriptions --output none; ${patch}`,
    ]);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /Nobody approves a request of their own/);
  });
});
