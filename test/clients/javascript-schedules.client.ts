import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

let postern: RunningPostern;
let seen: Readonly<Record<string, unknown>>;

before(async () => {
  postern = await startPostern();
  const { environment } = postern;
  const program = resolve(import.meta.dirname, 'javascript-schedules.ts');
  // The program runs in a process of its own, since NODE_EXTRA_CA_CERTS is read at start.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: environment.ca };
  const result = runProgram(process.execPath, [program], JSON.stringify({ ...environment, group: 'js-timed' }), env);
  assert.equal(result.status, 0, result.stderr);
  seen = JSON.parse(result.stdout);
});
after(() => postern?.stop());

describe('@azure/arm-authorization 9.0.0: schedules', () => {
  it('roleAssignmentScheduleRequests: validate, create, get, listForScope', () => {
    const { validated, made, shown, requests } = seen;
    assert.deepEqual(
      [validated, made, shown, requests],
      ['AdminAssign', ['Provisioned', 'ServicePrincipal', 'Reader'], 'Provisioned', 1],
    );
  });
  it('roleAssignmentSchedules.listForScope, roleAssignmentScheduleInstances.listForScope', () => {
    assert.deepEqual([seen['schedule'], seen['end']], [['Provisioned', 'Assigned', 'Direct'], true]);
    assert.equal(seen['instance'], true);
  });
  it('roleAssignmentScheduleRequests: AdminExtend, cancel, AdminRemove', () => {
    const { extended, cancelled, removed, left } = seen;
    assert.deepEqual([extended, cancelled, removed, left], ['Provisioned', 'Canceled', 'Revoked', 0]);
  });
  it('roleAssignmentScheduleRequests.create is refused: overlapping, past, backwards, huge', () => {
    const { overlap, past, backwards, huge } = seen;
    const invalid = 'InvalidRequestContent';
    assert.deepEqual([overlap, past, backwards, huge], ['RoleAssignmentExists', invalid, invalid, invalid]);
  });
  it('roleEligibilityScheduleRequests.create, roleEligibilitySchedules and roleEligibilityScheduleInstances.listForScope', () => {
    assert.deepEqual([seen['eligible'], seen['eligibleNow']], [['Provisioned'], 1]);
  });
});
