import type { ResourceType } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';

const answers = () => import('./operations.ts');

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
      {
        method: 'GET',
        path: one,
        permission: may('read'),
        handle: async (call) => (await answers()).getAssignment(store, call),
      },
      {
        method: 'GET',
        path: many,
        permission: may('read'),
        handle: async (call) => (await answers()).listAssignments(context, call),
      },
      {
        method: 'PUT',
        path: one,
        permission: may('write'),
        attributes: async (call) => (await answers()).attributesOfPut(context, call),
        handle: async (call) => (await answers()).putAssignment(context, call),
      },
      {
        method: 'DELETE',
        path: one,
        permission: may('delete'),
        attributes: async (call) => (await answers()).attributesOfDelete(store, call),
        handle: async (call) => (await answers()).deleteAssignment(store, call),
      },
    ],
  };
}
