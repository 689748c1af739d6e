import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../../src/core/json.ts';
import type { Actor } from '../../../../../src/core/token/actor.ts';
import {
  admin,
  contributor,
  group1,
  guid,
  machine,
  person,
  reader,
  refusalOf,
  stranger,
  subscription,
  vm,
} from '../provider-under-test.ts';
import {
  alice,
  bob,
  hour,
  listedOf,
  minute,
  type OpenSchedules,
  propertiesOf,
  restartAction,
  start,
  withSchedules,
} from './schedules-under-test.ts';

const eligibilities = 'roleEligibilityScheduleRequests';
const activations = 'roleAssignmentScheduleRequests';
const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${contributor}`;

function eligible(posternActivation?: JsonObject, more: JsonObject = {}): JsonObject {
  const rule = posternActivation === undefined ? {} : { posternActivation };
  return { roleDefinitionId, principalId: machine, requestType: 'AdminAssign', ...rule, ...more };
}

function activate(duration = 'PT1H', more: JsonObject = {}): JsonObject {
  const scheduleInfo = { expiration: { type: 'AfterDuration', duration } };
  return {
    roleDefinitionId,
    principalId: machine,
    requestType: 'SelfActivate',
    scheduleInfo,
    justification: 'disk full',
    ...more,
  };
}

interface Activating {
  readonly actor?: Actor;
  readonly properties?: JsonObject;
  readonly number?: number;
  readonly scope?: string;
  readonly caller?: string;
}

const ask = (
  { send }: OpenSchedules,
  { number = 10, properties = activate(), caller = machine, ...rest }: Activating = {},
) => send(activations, 'PUT', { name: guid(number), properties, caller, ...rest });

describe('an eligibility', () => {
  it('gives nothing until it is activated, and then that user on that machine alone, for the time asked', () =>
    withSchedules(async (open) => {
      const { send, may, go } = open;
      propertiesOf(
        await send(eligibilities, 'PUT', { name: guid(1), properties: eligible({ machineUsersOnly: true }) }),
      );
      assert.ok(!may(restartAction, vm, alice));
      const made = propertiesOf(await ask(open, { actor: alice }));
      assert.equal(made['status'], 'Provisioned');
      assert.ok(may(restartAction, vm, alice));
      assert.ok(!may(restartAction, vm, bob));
      assert.ok(!may(restartAction, vm), 'a token that names no user');
      await go(start + hour);
      assert.ok(!may(restartAction, vm, alice));
    }));

  it('is listed with its rule, and its activation with whom it is for', () =>
    withSchedules(async (open) => {
      const { send, assignments } = open;
      await send(eligibilities, 'PUT', { name: guid(1), properties: eligible({ userNames: ['alice'] }) });
      await ask(open, { actor: alice });
      const [eligibility] = listedOf(
        await send('roleEligibilityScheduleInstances', 'GET', { filter: 'asTarget()', caller: machine }),
      );
      assert.deepEqual(eligibility?.properties['posternActivation'], {
        machineUsersOnly: true,
        approvalRequired: false,
        approvers: [],
        userNames: ['alice'],
        maximumDuration: 'PT28800S',
      });
      const [schedule] = listedOf(await send('roleAssignmentSchedules', 'GET', {}));
      assert.equal(schedule?.properties['assignmentType'], 'Activated');
      assert.deepEqual(schedule?.properties['posternActor'], { userName: 'alice', uid: 1001, machineId: vm });
      const [assignment] = await assignments();
      assert.equal(
        assignment?.properties['condition'],
        `@Principal[Postern/actor:userName] StringEquals 'alice' && @Environment[Postern/machine:resourceId] StringEqualsIgnoreCase '${vm}'`,
      );
      assert.equal(assignment?.properties['conditionVersion'], '2.0');
    }));

  it('is activated by several users, each for their own', () =>
    withSchedules(async (open) => {
      const { send, may, go, assignments } = open;
      await send(eligibilities, 'PUT', { name: guid(1), properties: eligible() });
      propertiesOf(await ask(open, { actor: alice, number: 10 }));
      propertiesOf(await ask(open, { actor: bob, number: 11, properties: activate('PT2H') }));
      assert.equal(refusalOf(await ask(open, { actor: bob, number: 12 }))[0], 'RoleAssignmentExists');
      assert.equal((await assignments()).length, 2);
      await go(start + hour);
      assert.ok(!may(restartAction, vm, alice));
      assert.ok(may(restartAction, vm, bob));
      await go(start + 2 * hour);
      assert.ok(!may(restartAction, vm, bob));
    }));

  it('is narrowed by a condition that the request brings, beside its own', () =>
    withSchedules(async (open) => {
      const conditioned = (action: string) => ({ condition: `ActionMatches{'${action}'}` });
      await open.send(eligibilities, 'PUT', {
        name: guid(1),
        properties: eligible(undefined, conditioned('Microsoft.Compute/*')),
      });
      propertiesOf(await ask(open, { actor: alice, properties: activate('PT1H', conditioned('*/restart/action')) }));
      assert.ok(open.may(restartAction, vm, alice) && !open.may(restartAction, vm, bob));
      assert.ok(!open.may('Microsoft.Compute/virtualMachines/read', vm, alice));
      assert.ok(!open.may('Microsoft.Network/x/restart/action', vm, alice));
    }));

  it('holds at its scope and below, and nowhere else', () =>
    withSchedules(async (open) => {
      const { send, may } = open;
      await send(eligibilities, 'PUT', { scope: vm, name: guid(1), properties: eligible() });
      assert.equal(
        refusalOf(await ask(open, { actor: alice, scope: group1 }))[0],
        'RoleAssignmentRequestPolicyValidationFailed',
      );
      propertiesOf(await ask(open, { actor: alice, scope: vm, number: 11 }));
      assert.ok(may(restartAction, vm, alice));
    }));

  it('allows by whichever of several has the time that is asked for', () =>
    withSchedules(async (open) => {
      const { send } = open;
      await send(eligibilities, 'PUT', { name: guid(1), properties: eligible({ maximumDuration: 'PT30M' }) });
      const above = { scope: subscription, name: guid(2), properties: eligible({ maximumDuration: 'PT2H' }) };
      propertiesOf(await send(eligibilities, 'PUT', above));
      propertiesOf(await ask(open, { actor: alice }));
      const long = { actor: bob, number: 11, properties: activate('PT2H1S') };
      assert.match(refusalOf(await ask(open, long))[1], /ExpirationRule/);
    }));

  it('ends an activation no later than itself', () =>
    withSchedules(async (open) => {
      const scheduleInfo = { expiration: { type: 'AfterDuration', duration: 'PT30M' } };
      await open.send(eligibilities, 'PUT', { name: guid(1), properties: eligible({}, { scheduleInfo }) });
      assert.match(refusalOf(await ask(open, { actor: alice }))[1], /ExpirationRule/);
      propertiesOf(await ask(open, { actor: alice, number: 11, properties: activate('PT30M') }));
      await open.go(start + 30 * minute);
      assert.match(
        refusalOf(await ask(open, { actor: bob, number: 12, properties: activate('PT1M') }))[1],
        /EligibilityRule/,
      );
    }));

  it('ends what was activated by it no later than itself when it is shortened', () =>
    withSchedules(async (open) => {
      const { send, may, go } = open;
      await send(eligibilities, 'PUT', { name: guid(1), properties: eligible() });
      await ask(open, { actor: alice });
      await ask(open, { actor: bob, number: 11, properties: activate('PT20M') });
      const scheduleInfo = { expiration: { type: 'AfterDuration', duration: 'PT30M' } };
      const properties = eligible(undefined, { requestType: 'AdminUpdate', scheduleInfo });
      propertiesOf(await send(eligibilities, 'PUT', { name: guid(2), properties }));
      await go(start + 20 * minute);
      assert.ok(may(restartAction, vm, alice) && !may(restartAction, vm, bob));
      await go(start + 30 * minute);
      assert.ok(!may(restartAction, vm, alice));
      assert.equal(propertiesOf(await send(activations, 'GET', { name: guid(10) }))['status'], 'Revoked');
    }));

  it('takes what was activated by it along when it is removed, at its scope and below, and nothing else', () =>
    withSchedules(async (open) => {
      const { send, may, events, assignments } = open;
      await send(eligibilities, 'PUT', { name: guid(1), properties: eligible() });
      await ask(open, { actor: alice });
      await ask(open, { actor: bob, number: 11, scope: vm });
      const other = eligible({}, { roleDefinitionId: `/x/${reader}` });
      await send(eligibilities, 'PUT', { name: guid(2), properties: other });
      await ask(open, { actor: alice, number: 12, properties: activate('PT1H', { roleDefinitionId: `/x/${reader}` }) });
      assert.ok(may(restartAction, vm, alice) && may(restartAction, vm, bob));
      const properties = eligible(undefined, { requestType: 'AdminRemove' });
      propertiesOf(await send(eligibilities, 'PUT', { name: guid(3), properties }));
      assert.ok(!may(restartAction, vm, alice) && !may(restartAction, vm, bob));
      assert.equal((await assignments()).length, 1);
      const ended = (await events()).filter(({ body }) =>
        /\/delete$/.test(String((body['authorization'] as JsonObject)['action'])),
      );
      assert.equal(ended.length, 6, 'the eligibility and two activations, each with two events');
      assert.equal(propertiesOf(await send(activations, 'GET', { name: guid(10) }))['status'], 'Revoked');
    }));

  it('is given up before its end by SelfDeactivate, by the user whose it is', () =>
    withSchedules(async (open) => {
      await open.send(eligibilities, 'PUT', { name: guid(1), properties: eligible() });
      await ask(open, { actor: alice });
      const properties = { roleDefinitionId, principalId: machine, requestType: 'SelfDeactivate' };
      assert.equal(refusalOf(await ask(open, { actor: bob, number: 11, properties }))[0], 'RoleAssignmentDoesNotExist');
      assert.ok(open.may(restartAction, vm, alice));
      assert.equal(propertiesOf(await ask(open, { actor: alice, number: 12, properties }))['status'], 'Revoked');
      assert.ok(!open.may(restartAction, vm, alice));
    }));
});

describe('a change of an eligibility', () => {
  it('leaves the rule that it does not bring, and takes the one that it brings', () =>
    withSchedules(async (open) => {
      const change = async (number: number, requestType: string, rule?: JsonObject) => {
        const scheduleInfo = { expiration: { type: 'AfterDuration', duration: 'PT8H' } };
        const properties = eligible(rule, { requestType, scheduleInfo });
        propertiesOf(await open.send(eligibilities, 'PUT', { name: guid(number), properties }));
        const [shown] = listedOf(await open.send('roleEligibilitySchedules', 'GET', {}));
        const rules = (shown?.properties['posternActivation'] ?? {}) as JsonObject;
        return [rules['userNames'], rules['approvalRequired']];
      };
      assert.deepEqual(await change(1, 'AdminAssign', { userNames: ['alice'], approvalRequired: true }), [
        ['alice'],
        true,
      ]);
      assert.deepEqual(await change(2, 'AdminUpdate'), [['alice'], true]);
      assert.equal(refusalOf(await ask(open, { actor: bob }))[0], 'RoleAssignmentRequestPolicyValidationFailed');
      assert.equal(propertiesOf(await ask(open, { actor: alice, number: 11 }))['status'], 'PendingApproval');
      assert.deepEqual(await change(3, 'AdminUpdate', { userNames: ['bob'] }), [['bob'], false]);
    }));
});

describe('an activation that the rules do not allow', () => {
  const cases: readonly (readonly [string, JsonObject, Activating, RegExp])[] = [
    [
      'without a justification',
      {},
      { actor: alice, properties: activate('PT1H', { justification: ' ' }) },
      /JustificationRule/,
    ],
    ['longer than eight hours', {}, { actor: alice, properties: activate('PT8H1S') }, /ExpirationRule/],
    ['longer than the eligibility says', { maximumDuration: 'PT30M' }, { actor: alice }, /ExpirationRule/],
    ['without an end', {}, { actor: alice, properties: activate('PT1H', { scheduleInfo: {} }) }, /ExpirationRule/],
    ['by nobody of a machine', { machineUsersOnly: true }, {}, /EligibilityRule/],
    ['by another user than those named', { userNames: ['alice'] }, { actor: bob }, /EligibilityRule/],
    ['for another principal', {}, { actor: alice, caller: stranger }, /its own eligibilities/],
    [
      'of another role',
      {},
      { actor: alice, properties: activate('PT1H', { roleDefinitionId: '/x/acdd72a7-3385-48ef-bd42-f606fba81ae7' }) },
      /EligibilityRule/,
    ],
  ];
  for (const [what, rule, asked, words] of cases) {
    it(`is refused: ${what}`, () =>
      withSchedules(async (open) => {
        await open.send(eligibilities, 'PUT', { name: guid(1), properties: eligible(rule) });
        assert.match(refusalOf(await ask(open, asked))[1], words);
        assert.deepEqual(await open.assignments(), []);
      }));
  }

  it('has a rule that is understood, or none', () =>
    withSchedules(async ({ send }) => {
      for (const rule of [
        { approvers: ['alice'] },
        { maximumDuration: '8h' },
        { approver: [] },
        { userNames: 'alice' },
      ]) {
        const refused = await send(eligibilities, 'PUT', { name: guid(1), properties: eligible(rule as JsonObject) });
        assert.match(refusalOf(refused)[1], /posternActivation/);
      }
    }));
});

describe('an activation that needs an approval', () => {
  const withPending = (
    work: (open: OpenSchedules, review: (asked: Reviewing) => ReturnType<OpenSchedules['send']>) => Promise<void>,
  ) =>
    withSchedules(async (open) => {
      await open.send(eligibilities, 'PUT', { name: guid(1), properties: eligible({ approvers: [person] }) });
      const asked = propertiesOf(await ask(open, { actor: alice }));
      assert.equal(asked['status'], 'PendingApproval');
      const approvalId = String(asked['approvalId']).split('/').at(-1) ?? '';
      const shown = await open.send('roleAssignmentApprovals', 'GET', {
        scope: '/',
        name: approvalId,
        params: { approvalId },
      });
      const [stage] = propertiesOf(shown)['stages'] as unknown as readonly JsonObject[];
      const params = { approvalId, stageId: String(stage?.['name']) };
      await work(open, ({ body = { reviewResult: 'Approve', justification: 'ok' }, ...rest }) =>
        open.send('roleAssignmentApprovals', 'PATCH', { scope: '/', params, body, ...rest }),
      );
    });

  interface Reviewing {
    readonly caller: string;
    readonly actor?: Actor;
    readonly body?: JsonObject;
  }

  const statusOf = async ({ send }: OpenSchedules) =>
    propertiesOf(await send(activations, 'GET', { name: guid(10) }))['status'];

  it('waits, and is granted from the approval on, for as long as was asked', () =>
    withPending(async (open, review) => {
      await open.go(start + 10 * minute);
      assert.ok(!open.may(restartAction, vm, alice));
      assert.deepEqual(await review({ caller: person }), { status: 204 });
      assert.equal(await statusOf(open), 'Provisioned');
      assert.ok(open.may(restartAction, vm, alice));
      assert.ok(!open.may(restartAction, vm, bob));
      await open.go(start + 70 * minute - 1);
      assert.ok(open.may(restartAction, vm, alice));
      await open.go(start + 70 * minute);
      assert.ok(!open.may(restartAction, vm, alice));
    }));

  it('is not decided by who asked: not by the identity, nor by its user with another identity', () =>
    withPending(async (open, review) => {
      for (const reviewing of [
        { caller: machine },
        { caller: machine, actor: bob },
        { caller: person, actor: alice },
      ]) {
        assert.equal(refusalOf(await review(reviewing))[0], 'RoleAssignmentApprovalNotPermitted');
      }
      assert.equal(await statusOf(open), 'PendingApproval');
    }));

  it('is not decided by who is neither an approver nor may assign roles', () =>
    withPending(async (_, review) => {
      assert.equal(refusalOf(await review({ caller: stranger }))[0], 'RoleAssignmentApprovalNotPermitted');
      assert.equal(refusalOf(await review({ caller: admin }))[0], 'RoleAssignmentApprovalNotPermitted');
    }));

  it('is decided once, and a denial gives nothing', () =>
    withPending(async (open, review) => {
      const body = { properties: { reviewResult: 'Deny', justification: 'not today' } };
      assert.deepEqual(await review({ caller: person, body }), { status: 204 });
      assert.equal(await statusOf(open), 'Denied');
      assert.equal(refusalOf(await review({ caller: person }))[0], 'RoleAssignmentApprovalCompleted');
      assert.ok(!open.may(restartAction, vm, alice));
    }));

  it('times out after a day', () =>
    withPending(async (open, review) => {
      await open.go(start + 24 * hour);
      assert.equal(await statusOf(open), 'TimedOut');
      assert.equal(refusalOf(await review({ caller: person }))[0], 'RoleAssignmentApprovalCompleted');
    }));

  it('is refused its approval when the eligibility has gone meanwhile', () =>
    withPending(async (open, review) => {
      await open.send(eligibilities, 'PUT', {
        name: guid(2),
        properties: eligible(undefined, { requestType: 'AdminRemove' }),
      });
      assert.match(refusalOf(await review({ caller: person }))[1], /EligibilityRule/);
    }));

  it('awaits its approver in asApprover(), and may be cancelled', () =>
    withPending(async (open, review) => {
      const awaited = (caller: string) => open.send(activations, 'GET', { scope: '/', filter: 'asApprover()', caller });
      assert.equal(listedOf(await awaited(person)).length, 1);
      assert.equal(listedOf(await awaited(stranger)).length, 0);
      await open.send(activations, 'POST', { name: guid(10), action: 'cancel', caller: machine });
      assert.equal(listedOf(await awaited(person)).length, 0);
      assert.equal(refusalOf(await review({ caller: person }))[0], 'RoleAssignmentApprovalCompleted');
    }));

  it('is asked for once at a time by each, and again when it has been decided', () =>
    withPending(async (open, review) => {
      assert.equal(refusalOf(await ask(open, { actor: alice, number: 11 }))[0], 'PendingRoleAssignmentRequest');
      assert.equal(propertiesOf(await ask(open, { actor: bob, number: 12 }))['status'], 'PendingApproval');
      await review({ caller: person, body: { reviewResult: 'Deny' } });
      assert.equal(propertiesOf(await ask(open, { actor: alice, number: 13 }))['status'], 'PendingApproval');
    }));

  it('takes no other decision than Approve and Deny', () =>
    withPending(async (_, review) => {
      assert.match(refusalOf(await review({ caller: person, body: { reviewResult: 'yes' } }))[1], /Approve/);
    }));
});
