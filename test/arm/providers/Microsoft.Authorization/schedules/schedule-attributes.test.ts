import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Call } from '../../../../../src/arm/provider-contract.ts';
import {
  attributesOfRequest,
  linkedOfRequest,
} from '../../../../../src/arm/providers/Microsoft.Authorization/schedules/schedule-attributes.ts';
import { contributor, group1, guid, machine, person, reader } from '../provider-under-test.ts';
import { propertiesOf, start, withSchedules } from './schedules-under-test.ts';

const roles = '/providers/Microsoft.Authorization/roleDefinitions';
const asking = (requestType: string, role = contributor) =>
  ({
    params: { scope: group1, scheduleRequestName: guid(1) },
    resourceId: `${group1}/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/${guid(1)}`,
    body: { properties: { roleDefinitionId: `${roles}/${role}`, principalId: machine, requestType } },
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

  it('is held to the condition under which its caller may assign roles', () =>
    withSchedules(async ({ send, context }) => {
      const action = 'Microsoft.Authorization/roleAssignments/write';
      const condition = `(!(ActionMatches{'${action}'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${reader}})`;
      const roleDefinitionId = `${roles}/18d7d88d-d35e-4fb5-a5c3-7773c20a72d9`;
      const properties = { roleDefinitionId, principalId: person, condition, conditionVersion: '2.0' };
      propertiesOf(
        await send('roleAssignments', 'PUT', { name: guid(9), properties, params: { roleAssignmentName: guid(9) } }),
      );
      const may = async (role: string) => {
        const attributes = await attributesOfRequest(context, 'Assignment', asking('AdminAssign', role));
        const facts = { now: start as Call['now'], ...attributes };
        return context.authorizer.decide({ principalId: person, action, scope: group1, facts }).allowed;
      };
      assert.deepEqual([await may(reader), await may(contributor)], [true, false]);
    }));
});
