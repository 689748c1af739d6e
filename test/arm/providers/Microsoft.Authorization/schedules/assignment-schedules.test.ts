import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../../src/core/json.ts';
import type { Store, Write } from '../../../../../src/core/ports/store.ts';
import {
  contributor,
  group1,
  group10,
  guid,
  machine,
  reader,
  refusalOf,
  stranger,
  subscription,
  vm,
} from '../provider-under-test.ts';
import {
  hour,
  listedOf,
  minute,
  openSchedules,
  openStore,
  propertiesOf,
  start,
  testTime,
  withSchedules,
} from './schedules-under-test.ts';

const requests = 'roleAssignmentScheduleRequests';
const iso = (millis: number) => new Date(millis).toISOString();
const at = (millis: number) => iso(millis).replace('Z', '0000Z');

function grant(requestType: string, scheduleInfo: JsonObject | undefined, more: JsonObject = {}): JsonObject {
  const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`;
  return {
    roleDefinitionId,
    principalId: machine,
    requestType,
    ...(scheduleInfo === undefined ? {} : { scheduleInfo }),
    ...more,
  };
}

const forOneHour = { expiration: { type: 'AfterDuration', duration: 'PT1H' } };
const later = (from: number, to: number) => ({
  startDateTime: iso(from),
  expiration: { type: 'AfterDateTime', endDateTime: iso(to) },
});

describe('a role assignment with a time', () => {
  it('begins with its request and ends to the second, in the list of role assignments meanwhile', () =>
    withSchedules(async ({ send, may, go, assignments }) => {
      const made = propertiesOf(
        await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) }),
      );
      assert.equal(made['status'], 'Provisioned');
      assert.equal(made['principalType'], 'ServicePrincipal');
      assert.ok(may());
      assert.equal((await assignments()).length, 1);
      await go(start + hour - 1);
      assert.ok(may());
      await go(start + hour);
      assert.ok(!may());
      assert.deepEqual(await assignments(), []);
      assert.equal(propertiesOf(await send(requests, 'GET', { name: guid(1) }))['status'], 'Revoked');
    }));

  it('ends to the second even while no timer rings', () =>
    withSchedules(async ({ send, may, time }) => {
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      time.set(start + hour - 1);
      assert.ok(may());
      time.set(start + hour);
      assert.ok(!may());
    }));

  it('begins at its start and not before', () =>
    withSchedules(async ({ send, may, go, assignments }) => {
      const info = later(start + hour, start + 2 * hour);
      const made = propertiesOf(await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', info) }));
      assert.equal(made['status'], 'ScheduleCreated');
      await go(start + hour - 1);
      assert.ok(!may());
      assert.deepEqual(await assignments(), []);
      await go(start + hour);
      assert.ok(may());
      assert.equal(propertiesOf(await send(requests, 'GET', { name: guid(1) }))['status'], 'Provisioned');
      await go(start + 2 * hour);
      assert.ok(!may());
    }));

  it('is shown as its clients declare it: request, schedule and instance', () =>
    withSchedules(async ({ send }) => {
      const made = propertiesOf(
        await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) }),
      );
      const [schedule] = listedOf(await send('roleAssignmentSchedules', 'GET', {}));
      const [instance] = listedOf(await send('roleAssignmentScheduleInstances', 'GET', {}));
      const [assignment] = listedOf(await send('roleAssignments', 'GET', {}));
      assert.equal(made['targetRoleAssignmentScheduleId'], schedule?.['id']);
      assert.deepEqual(schedule?.properties, {
        scope: group1,
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
        principalId: machine,
        principalType: 'ServicePrincipal',
        memberType: 'Direct',
        assignmentType: 'Assigned',
        startDateTime: at(start),
        endDateTime: at(start + hour),
        createdOn: at(start),
        expandedProperties: {
          scope: { id: group1, displayName: 'rg1', type: 'resourcegroup' },
          roleDefinition: {
            id: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
            displayName: 'Contributor',
            type: 'BuiltInRole',
          },
          principal: { id: machine, displayName: 'web-1', type: 'ServicePrincipal' },
        },
        roleAssignmentScheduleRequestId: `${group1}/providers/Microsoft.Authorization/${requests}/${guid(1)}`,
        status: 'Provisioned',
        updatedOn: at(start),
      });
      assert.equal(instance?.properties['roleAssignmentScheduleId'], schedule?.['id']);
      assert.equal(instance?.properties['originRoleAssignmentId'], assignment?.['id']);
      const name = String(instance?.['name']);
      assert.equal(
        propertiesOf(await send('roleAssignmentScheduleInstances', 'GET', { name }))['status'],
        'Provisioned',
      );
      assert.deepEqual(Object.keys(assignment ?? {}).toSorted(), ['id', 'name', 'properties', 'type']);
    }));

  it('without an expiration stays', () =>
    withSchedules(async ({ send, may, go }) => {
      await send(requests, 'PUT', {
        name: guid(1),
        properties: grant('AdminAssign', { expiration: { type: 'NoExpiration' } }),
      });
      await go(start + 1000 * 24 * hour);
      assert.ok(may());
    }));
});

describe('both ends of a grant in the activity log', () => {
  it('are the service’s, under one correlation id, at their own times', () =>
    withSchedules(async ({ send, go, events }) => {
      await send(requests, 'PUT', {
        name: guid(1),
        properties: grant('AdminAssign', later(start + hour, start + 2 * hour)),
      });
      await go(start + hour + 400);
      await go(start + 2 * hour + 700);
      const seen = await events();
      assert.deepEqual(
        seen.map(({ time, status, body }) => [time - start, status, (body['operationName'] as JsonObject)['value']]),
        [
          [hour, 'Started', 'Microsoft.Authorization/roleAssignments/write'],
          [hour, 'Succeeded', 'Microsoft.Authorization/roleAssignments/write'],
          [2 * hour, 'Started', 'Microsoft.Authorization/roleAssignments/delete'],
          [2 * hour, 'Succeeded', 'Microsoft.Authorization/roleAssignments/delete'],
        ],
      );
      assert.equal(new Set(seen.map(({ correlationId }) => correlationId)).size, 1);
    }));

  it('are recorded by the transaction that makes them so: a crash parts neither from the other', async () => {
    const store = await openStore();
    const transactions: (readonly Write[])[] = [];
    const watched: Store = {
      ...store,
      transact: (writes, survives) => {
        transactions.push(writes);
        return store.transact(writes, survives);
      },
    };
    const open = await openSchedules(watched);
    await open.send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
    await open.go(start + hour);
    await open.send(requests, 'PUT', { name: guid(2), properties: grant('AdminRenew', forOneHour) });
    await open.send(requests, 'PUT', { name: guid(3), properties: grant('AdminRemove', undefined) });
    const real = transactions.filter((writes) =>
      writes.some((one) => /\/roleassignments\//.test('put' in one ? one.put : 'remove' in one ? one.remove : '')),
    );
    assert.equal(real.length, 4);
    for (const writes of real) assert.equal(writes.filter((one) => 'append' in one).length, 1);
    assert.equal((await open.events()).length, 8);
    open.stop();
    await store.close();
  });
});

describe('what falls due while Postern is stopped', () => {
  it('happens at its start, recorded at the times at which it was due', async () => {
    const store = await openStore();
    const first = await openSchedules(store);
    await first.send(requests, 'PUT', {
      name: guid(1),
      properties: grant('AdminAssign', later(start + hour, start + 2 * hour)),
    });
    first.stop();
    const time = testTime();
    time.set(start + 5 * hour);
    const second = await openSchedules(store, time);
    await second.settle();
    assert.ok(!second.may());
    assert.deepEqual(await second.assignments(), []);
    assert.deepEqual(
      (await second.events()).map((event) => event.time - start),
      [hour, hour, 2 * hour, 2 * hour],
    );
    second.stop();
    await store.close();
  });

  it('is in force again after a restart in the middle, and ends', async () => {
    const store = await openStore();
    const first = await openSchedules(store);
    await first.send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
    first.stop();
    const time = testTime();
    time.set(start + 30 * minute);
    const second = await openSchedules(store, time);
    assert.ok(second.may());
    await second.go(start + hour);
    assert.ok(!second.may());
    second.stop();
    await store.close();
  });
});

describe('a clock that is set', () => {
  it('forward ends what is over by then', () =>
    withSchedules(async ({ send, may, time, assignments, settle }) => {
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      time.set(start + 9 * hour);
      time.ring();
      await settle();
      assert.ok(!may());
      assert.deepEqual(await assignments(), []);
    }));

  it('back before the start takes the grant away until then, and not for ever', () =>
    withSchedules(async ({ send, may, go }) => {
      await send(requests, 'PUT', {
        name: guid(1),
        properties: grant('AdminAssign', later(start + hour, start + 2 * hour)),
      });
      await go(start + hour);
      assert.ok(may());
      await go(start);
      assert.ok(!may());
      await go(start + hour);
      assert.ok(may());
      await go(start + 2 * hour);
      assert.ok(!may());
      await go(start + hour);
      assert.ok(!may(), 'what has ended stays ended');
    }));
});

describe('AdminUpdate, AdminExtend, AdminRemove, AdminRenew', () => {
  it('AdminExtend gives a later end, and refuses an earlier one', () =>
    withSchedules(async ({ send, may, go }) => {
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      const sooner = grant('AdminExtend', later(start, start + 30 * minute));
      assert.match(refusalOf(await send(requests, 'PUT', { name: guid(2), properties: sooner }))[1], /later end/);
      await send(requests, 'PUT', { name: guid(3), properties: grant('AdminExtend', later(start, start + 3 * hour)) });
      await go(start + hour);
      assert.ok(may());
      await go(start + 3 * hour);
      assert.ok(!may());
    }));

  it('AdminUpdate shortens, and keeps the start of what has begun', () =>
    withSchedules(async ({ send, may, go }) => {
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      await go(start + minute);
      const shorter = grant('AdminUpdate', later(start + minute, start + 10 * minute));
      propertiesOf(await send(requests, 'PUT', { name: guid(2), properties: shorter }));
      assert.ok(may());
      const [schedule] = listedOf(await send('roleAssignmentSchedules', 'GET', {}));
      assert.equal(schedule?.properties['startDateTime'], at(start));
      await go(start + 10 * minute);
      assert.ok(!may());
    }));

  it('AdminUpdate leaves what it does not say: the end where it brings a condition alone, the start where it brings an end', () =>
    withSchedules(async ({ send, may, go }) => {
      const put = async (number: number, properties: JsonObject) =>
        propertiesOf(await send(requests, 'PUT', { name: guid(number), properties }));
      const times = async () => {
        const [schedule] = listedOf(await send('roleAssignmentSchedules', 'GET', {}));
        return [schedule?.properties['startDateTime'], schedule?.properties['endDateTime']];
      };
      await put(1, grant('AdminAssign', later(start + hour, start + 2 * hour)));
      await put(2, grant('AdminUpdate', undefined, { condition: "ActionMatches{'*'}" }));
      assert.deepEqual(await times(), [at(start + hour), at(start + 2 * hour)]);
      await put(3, grant('AdminUpdate', { expiration: { type: 'AfterDuration', duration: 'PT3H' } }));
      assert.deepEqual(await times(), [at(start + hour), at(start + 4 * hour)]);
      assert.ok(!may(), 'it has not begun');
      await put(4, grant('AdminUpdate', { startDateTime: iso(start + 2 * hour) }));
      assert.deepEqual(await times(), [at(start + 2 * hour), at(start + 4 * hour)]);
      const late = grant('AdminUpdate', { startDateTime: iso(start + 4 * hour) });
      assert.match(refusalOf(await send(requests, 'PUT', { name: guid(5), properties: late }))[1], /before the end/);
      await put(6, grant('AdminExtend', later(start, start + 5 * hour)));
      assert.deepEqual(await times(), [at(start + 2 * hour), at(start + 5 * hour)]);
      await go(start + 2 * hour);
      await put(7, grant('AdminUpdate', undefined, { condition: "ActionMatches{'*/read'}" }));
      assert.deepEqual(await times(), [at(start + 2 * hour), at(start + 5 * hour)]);
      assert.ok(!may());
    }));

  it('AdminExtend without an end is refused, and does not make a grant endless', () =>
    withSchedules(async ({ send, may, go }) => {
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      for (const [number, info] of [undefined, {}, { startDateTime: iso(start) }].entries()) {
        const properties = grant('AdminExtend', info);
        assert.match(refusalOf(await send(requests, 'PUT', { name: guid(number + 2), properties }))[1], /later end/);
      }
      await go(start + hour);
      assert.ok(!may());
    }));

  it('a change is refused where it would overlap another schedule', () =>
    withSchedules(async ({ send }) => {
      const put = (number: number, properties: JsonObject) => send(requests, 'PUT', { name: guid(number), properties });
      propertiesOf(await put(1, grant('AdminAssign', later(start, start + hour))));
      propertiesOf(await put(2, grant('AdminAssign', later(start + 2 * hour, start + 3 * hour))));
      const over = grant('AdminExtend', later(start, start + 2 * hour + minute));
      assert.equal(refusalOf(await put(3, over))[0], 'RoleAssignmentExists');
      propertiesOf(await put(4, grant('AdminExtend', later(start, start + 2 * hour))));
    }));

  it('AdminRemove ends at once; AdminRenew grants again what has ended', () =>
    withSchedules(async ({ send, may, events }) => {
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      const removed = propertiesOf(
        await send(requests, 'PUT', { name: guid(2), properties: grant('AdminRemove', undefined) }),
      );
      assert.equal(removed['status'], 'Revoked');
      assert.ok(!may());
      assert.equal((await events()).length, 4);
      const again = await send(requests, 'PUT', { name: guid(3), properties: grant('AdminRemove', undefined) });
      assert.equal(refusalOf(again)[0], 'RoleAssignmentDoesNotExist');
      propertiesOf(await send(requests, 'PUT', { name: guid(4), properties: grant('AdminRenew', forOneHour) }));
      assert.ok(may());
    }));

  it('a DELETE of the role assignment takes its schedule along', () =>
    withSchedules(async ({ send, may, assignments }) => {
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      const [assignment] = await assignments();
      await send('roleAssignments', 'DELETE', { name: String(assignment?.['name']) });
      assert.ok(!may());
      assert.deepEqual(listedOf(await send('roleAssignmentSchedules', 'GET', {})), []);
      propertiesOf(await send(requests, 'PUT', { name: guid(2), properties: grant('AdminAssign', forOneHour) }));
    }));

  it('cancel takes back what has not begun, and nothing else', () =>
    withSchedules(async ({ send, may, go }) => {
      await send(requests, 'PUT', {
        name: guid(1),
        properties: grant('AdminAssign', later(start + hour, start + 2 * hour)),
      });
      propertiesCanceled(await send(requests, 'POST', { name: guid(1), action: 'cancel' }));
      assert.equal(propertiesOf(await send(requests, 'GET', { name: guid(1) }))['status'], 'Canceled');
      await go(start + hour);
      assert.ok(!may());
      await send(requests, 'PUT', { name: guid(2), properties: grant('AdminAssign', forOneHour) });
      const late = await send(requests, 'POST', { name: guid(2), action: 'cancel' });
      assert.equal(refusalOf(late)[0], 'RoleAssignmentRequestCannotBeCancelled');
    }));

  it('cancel takes back no change, which is made with its request', () =>
    withSchedules(async ({ send, may, go }) => {
      const info = later(start + hour, start + 2 * hour);
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', info) });
      const longer = grant('AdminExtend', later(start + hour, start + 3 * hour));
      assert.equal(
        propertiesOf(await send(requests, 'PUT', { name: guid(2), properties: longer }))['status'],
        'Provisioned',
      );
      for (const at of [start, start + hour]) {
        await go(at);
        const refused = await send(requests, 'POST', { name: guid(2), action: 'cancel' });
        assert.equal(refusalOf(refused)[0], 'RoleAssignmentRequestCannotBeCancelled');
      }
      assert.ok(may());
    }));

  it('AdminExtend leaves a condition that its role assignment was given since', () =>
    withSchedules(async ({ send, may, go, assignments }) => {
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      const [assignment] = await assignments();
      const name = String(assignment?.['name']);
      const { roleDefinitionId = '', principalId = '' } = assignment?.properties ?? {};
      const condition = "ActionMatches{'*/read'}";
      const properties = { roleDefinitionId, principalId, condition };
      propertiesOf(await send('roleAssignments', 'PUT', { name, properties, params: { roleAssignmentName: name } }));
      assert.ok(!may());
      propertiesOf(
        await send(requests, 'PUT', {
          name: guid(2),
          properties: grant('AdminExtend', later(start, start + 2 * hour)),
        }),
      );
      await go(start + hour);
      assert.ok(!may() && may('Microsoft.Compute/virtualMachines/read'));
    }));

  it('validate says what a PUT would, and leaves nothing', () =>
    withSchedules(async ({ send, may }) => {
      const good = await send(requests, 'POST', {
        name: guid(1),
        action: 'validate',
        properties: grant('AdminAssign', forOneHour),
      });
      assert.equal(propertiesOf(good)['requestType'], 'AdminAssign');
      assert.ok(!may());
      const bad = await send(requests, 'POST', {
        name: guid(1),
        action: 'validate',
        properties: grant('AdminRemove', undefined),
      });
      assert.equal(refusalOf(bad)[0], 'RoleAssignmentDoesNotExist');
    }));
});

function propertiesCanceled(answer: unknown): void {
  assert.deepEqual(answer, { status: 200 });
}

describe('a schedule request that cannot be', () => {
  const cases: readonly (readonly [string, JsonObject, string, RegExp])[] = [
    [
      'an end in the past',
      grant('AdminAssign', later(start - 2 * hour, start - hour)),
      'InvalidRequestContent',
      /in the past/,
    ],
    [
      'an end before its start',
      grant('AdminAssign', later(start + 2 * hour, start + hour)),
      'InvalidRequestContent',
      /after the start/,
    ],
    [
      'an end at its start',
      grant('AdminAssign', later(start + hour, start + hour)),
      'InvalidRequestContent',
      /after the start/,
    ],
    [
      'a malformed duration',
      grant('AdminAssign', { expiration: { type: 'AfterDuration', duration: '1h' } }),
      'InvalidRequestContent',
      /ISO 8601/,
    ],
    [
      'a duration of nothing',
      grant('AdminAssign', { expiration: { type: 'AfterDuration', duration: 'PT0S' } }),
      'InvalidRequestContent',
      /ISO 8601/,
    ],
    [
      'a huge duration',
      grant('AdminAssign', { expiration: { type: 'AfterDuration', duration: 'P9999Y' } }),
      'InvalidRequestContent',
      /9999/,
    ],
    [
      'an unheard-of expiration',
      grant('AdminAssign', { expiration: { type: 'Never' } }),
      'InvalidRequestContent',
      /NoExpiration/,
    ],
    [
      'a time without a zone',
      grant('AdminAssign', { startDateTime: '2026-11-24T10:00:00' }),
      'InvalidRequestContent',
      /zone/,
    ],
    ['an unknown request type', grant('Assign', forOneHour), 'InvalidRequestContent', /AdminAssign/],
    [
      'an unknown principal',
      grant('AdminAssign', forOneHour, { principalId: stranger }),
      'PrincipalNotFound',
      /does not exist/,
    ],
    [
      'an unknown role',
      grant('AdminAssign', forOneHour, { roleDefinitionId: guid(99) }),
      'RoleDefinitionDoesNotExist',
      /does not exist/,
    ],
    ['no role', grant('AdminAssign', forOneHour, { roleDefinitionId: 'Reader' }), 'InvalidRoleDefinitionId', /GUID/],
    [
      'a blank condition',
      grant('AdminAssign', forOneHour, { condition: '   ' }),
      'InvalidRoleAssignmentCondition',
      /position/,
    ],
    [
      'a bad condition',
      grant('AdminAssign', forOneHour, { condition: '((', conditionVersion: '2.0' }),
      'InvalidRoleAssignmentCondition',
      /position/,
    ],
  ];
  for (const [what, properties, code, words] of cases) {
    it(`is refused: ${what}`, () =>
      withSchedules(async ({ send }) => {
        const [refused, message] = refusalOf(await send(requests, 'PUT', { name: guid(1), properties }));
        assert.equal(refused, code);
        assert.match(message, words);
      }));
  }

  it('is refused under a name that is no GUID, and under one that was used', () =>
    withSchedules(async ({ send }) => {
      const properties = grant('AdminAssign', forOneHour);
      assert.match(refusalOf(await send(requests, 'PUT', { name: 'mine', properties }))[1], /GUID/);
      await send(requests, 'PUT', { name: guid(1), properties });
      assert.equal(
        refusalOf(await send(requests, 'PUT', { name: guid(1), properties }))[0],
        'RoleAssignmentRequestExists',
      );
    }));

  it('is refused where it overlaps another, and taken where it only touches it', () =>
    withSchedules(async ({ send }) => {
      const put = async (number: number, from: number, to: number) =>
        send(requests, 'PUT', { name: guid(number), properties: grant('AdminAssign', later(from, to)) });
      propertiesOf(await put(1, start + hour, start + 2 * hour));
      assert.deepEqual(refusalOf(await put(2, start + 2 * hour - 1, start + 3 * hour)), [
        'RoleAssignmentExists',
        'The Role assignment already exists.',
      ]);
      propertiesOf(await put(3, start + 2 * hour, start + 3 * hour));
      propertiesOf(await put(4, start, start + hour));
    }));

  it('goes from one to the next without a gap, whichever was asked for first', async () => {
    const first = later(start, start + hour);
    const second = later(start + hour, start + 2 * hour);
    for (const order of [
      [first, second],
      [second, first],
    ]) {
      await withSchedules(async ({ send, may, go, assignments, events }) => {
        for (const [at, info] of order.entries()) {
          propertiesOf(await send(requests, 'PUT', { name: guid(at + 1), properties: grant('AdminAssign', info) }));
        }
        await go(start + hour);
        assert.ok(may());
        assert.equal((await assignments()).length, 1);
        assert.ok((await events()).every(({ status }) => status !== 'Failed'));
        await go(start + 2 * hour);
        assert.ok(!may());
      });
    }
  });

  it('is granted at once after one that ended, before anybody has come round to that end', () =>
    withSchedules(async ({ send, may, time, assignments }) => {
      await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      time.set(start + hour);
      const again = propertiesOf(
        await send(requests, 'PUT', { name: guid(2), properties: grant('AdminAssign', forOneHour) }),
      );
      assert.equal(again['status'], 'Provisioned');
      assert.ok(may());
      assert.equal((await assignments()).length, 1);
    }));

  it('is refused where the role is assigned without a time, and of two at once one wins', () =>
    withSchedules(async ({ send }) => {
      const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${contributor}`;
      await send('roleAssignments', 'PUT', {
        name: guid(9),
        properties: { roleDefinitionId, principalId: machine },
        params: { roleAssignmentName: guid(9) },
      });
      const refused = await send(requests, 'PUT', { name: guid(1), properties: grant('AdminAssign', forOneHour) });
      assert.equal(refusalOf(refused)[0], 'RoleAssignmentExists');
      const both = await Promise.all(
        [1, 2].map((number) =>
          send(requests, 'PUT', { scope: group10, name: guid(number), properties: grant('AdminAssign', forOneHour) }),
        ),
      );
      assert.equal(both.filter((answer) => 'refused' in answer).length, 1);
    }));
});

describe('a schedule where no more role assignments may be', () => {
  it('is refused where it would begin at once, and Failed where it cannot begin at its time', async () => {
    const store = await openStore();
    const open = await openSchedules(store, testTime(), { perSubscription: 1, perManagementGroup: 1 });
    const put = (number: number, info: JsonObject, scope = group1) =>
      open.send(requests, 'PUT', { scope, name: guid(number), properties: grant('AdminAssign', info) });
    propertiesOf(await put(1, later(start + hour, start + 2 * hour)));
    propertiesOf(await put(2, { expiration: { type: 'NoExpiration' } }, group10));
    assert.equal(refusalOf(await put(3, forOneHour, vm))[0], 'RoleAssignmentLimitExceeded');
    await open.go(start + hour);
    assert.equal(propertiesOf(await open.send(requests, 'GET', { name: guid(1) }))['status'], 'Failed');
    assert.equal((await open.events()).at(-1)?.status, 'Failed');
    open.stop();
    await store.close();
  });
});

describe('lists of schedules', () => {
  it('take asTarget(), principalId eq and atScope()', () =>
    withSchedules(async ({ send }) => {
      await send(requests, 'PUT', { scope: vm, name: guid(1), properties: grant('AdminAssign', forOneHour) });
      await send(requests, 'PUT', { scope: group1, name: guid(2), properties: grant('AdminAssign', forOneHour) });
      const names = async (filter: string, caller = machine) =>
        listedOf(await send(requests, 'GET', { filter, caller })).map(({ name }) => name);
      assert.deepEqual((await names('asTarget()')).toSorted(), [guid(1), guid(2)]);
      assert.deepEqual(await names('atScope()'), [guid(2)]);
      assert.deepEqual(await names('asTarget()', stranger), []);
      assert.equal((await names(`principalId eq '${machine}'`)).length, 2);
      const terraform = `(principalId eq '${machine}' and roleDefinitionId eq '${subscription}/providers/Microsoft.Authorization/roleDefinitions/${reader}')`;
      assert.deepEqual(await names(terraform), []);
      assert.equal(refusalOf(await send(requests, 'GET', { filter: 'nonsense()' }))[0], 'InvalidFilterInQueryString');
    }));

  it('come in pages, each of what the filter leaves, in the order of their ids', () =>
    withSchedules(async ({ send }) => {
      for (const number of [1, 2, 3, 4, 5]) {
        const info = later(start + number * hour, start + (number + 1) * hour);
        await send(requests, 'PUT', { name: guid(number), properties: grant('AdminAssign', info) });
      }
      await send(requests, 'POST', { name: guid(2), action: 'cancel' });
      const pages: (readonly unknown[])[] = [];
      let query: Record<string, string> | undefined = { $top: '2' };
      while (query !== undefined) {
        const answer = await send(requests, 'GET', { filter: "status eq 'ScheduleCreated'", query });
        pages.push(listedOf(answer).map(({ name }) => name));
        const { nextLink } = ('body' in answer ? answer.body : {}) as { readonly nextLink?: string };
        query =
          nextLink === undefined ? undefined : { $top: '2', ...Object.fromEntries(new URLSearchParams(nextLink)) };
      }
      assert.deepEqual(pages, [
        [guid(1), guid(3)],
        [guid(4), guid(5)],
      ]);
    }));

  it('are answered without a permission where they hold the caller’s own alone', () =>
    withSchedules(async ({ listsWithout }) => {
      assert.equal(await listsWithout(requests, 'asRequestor()'), true);
      assert.equal(await listsWithout(requests, 'atScope()'), false);
      for (const type of ['roleAssignmentSchedules', 'roleAssignmentScheduleInstances', 'roleEligibilitySchedules']) {
        assert.equal(await listsWithout(type, 'asTarget()'), true);
        assert.equal(await listsWithout(type, 'asRequestor()'), false);
        assert.equal(await listsWithout(type, 'asApprover()'), false);
      }
    }));
});
