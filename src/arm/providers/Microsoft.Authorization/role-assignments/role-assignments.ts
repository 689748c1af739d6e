import type { ResourceType } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { attributesOfDelete, attributesOfPut } from './attributes.ts';
import { deleteAssignment } from './delete-assignment.ts';
import { putAssignment } from './put-assignment.ts';
import { getAssignment, listAssignments } from './read-assignments.ts';

const one = '/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}';
const many = '/{scope}/providers/Microsoft.Authorization/roleAssignments';

/** roleAssignments, at every scope: tenant, subscription, resource group, resource. */
export function roleAssignments(context: AuthorizationContext): ResourceType {
  const { store } = context;
  const may = (verb: string) => `Microsoft.Authorization/roleAssignments/${verb}`;
  return {
    type: 'roleAssignments',
    apiVersions: [
      '2022-04-01',
      '2020-10-01-preview',
      '2020-08-01-preview',
      '2020-04-01-preview',
      '2020-03-01-preview',
      '2018-09-01-preview',
      '2018-01-01-preview',
      '2015-07-01',
    ],
    regional: false,
    operations: [
      { method: 'GET', path: one, permission: may('read'), handle: (call) => getAssignment(store, call) },
      { method: 'GET', path: many, permission: may('read'), handle: (call) => listAssignments(context, call) },
      {
        method: 'PUT',
        path: one,
        permission: may('write'),
        attributes: (call) => attributesOfPut(context, call),
        handle: (call) => putAssignment(context, call),
      },
      {
        method: 'DELETE',
        path: one,
        permission: may('delete'),
        attributes: (call) => attributesOfDelete(store, call),
        handle: (call) => deleteAssignment(store, call),
      },
    ],
  };
}
