import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Call } from '../../../../../src/arm/provider-contract.ts';
import { linkedOfRequest } from '../../../../../src/arm/providers/Microsoft.Authorization/schedules/schedule-attributes.ts';
import { contributor, group1, guid, machine } from '../provider-under-test.ts';

const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${contributor}`;
const asking = (requestType: string) =>
  ({
    params: { scope: group1, scheduleRequestName: guid(1) },
    resourceId: `${group1}/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/${guid(1)}`,
    body: { properties: { roleDefinitionId, principalId: machine, requestType } },
  }) as unknown as Call;

describe('a schedule request', () => {
  it('of an administrator needs what the role assignment without a schedule needs', async () => {
    for (const type of ['AdminAssign', 'AdminUpdate', 'AdminExtend', 'AdminRenew']) {
      const action = 'Microsoft.Authorization/roleAssignments/write';
      assert.deepEqual(await linkedOfRequest('Assignment', asking(type)), [{ action, scope: group1 }]);
    }
    const action = 'Microsoft.Authorization/roleAssignments/delete';
    assert.deepEqual(await linkedOfRequest('Assignment', asking('AdminRemove')), [{ action, scope: group1 }]);
  });

  it('for oneself needs nothing but the eligibility, which no eligibility gives itself', async () => {
    assert.deepEqual(await linkedOfRequest('Assignment', asking('SelfActivate')), []);
    assert.ok('refused' in (await linkedOfRequest('Eligibility', asking('SelfActivate'))));
  });
});
