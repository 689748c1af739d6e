import { isJsonObject, type Json } from '../../../../core/json.ts';
import type { Store } from '../../../../core/ports/store.ts';
import { foldId } from '../../../../core/resource-id.ts';
import type { Call, LinkedCheck, ResourceType } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { findRole } from './find-role.ts';

const answers = () => import('./operations.ts');

const one = '/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}';
const many = '/{scope}/providers/Microsoft.Authorization/roleDefinitions';
const may = (verb: string) => `Microsoft.Authorization/roleDefinitions/${verb}`;

/** roleDefinitions: the built-in roles, read at any scope, and the custom ones, which are the tenant's own. */
export function roleDefinitions(context: AuthorizationContext): ResourceType {
  const { store } = context;
  const everywhere = (verb: string) => (call: Call) => checksOfScopes(store, call, may(verb));
  return {
    type: 'roleDefinitions',
    apiVersions: ['2022-05-01-preview', '2022-04-01', '2018-07-01', '2018-01-01-preview', '2015-07-01'],
    regional: false,
    operations: [
      {
        method: 'GET',
        path: one,
        permission: may('read'),
        mayWithout: atTenant,
        handle: async (call) => (await answers()).getRole(context, call),
      },
      {
        method: 'GET',
        path: many,
        permission: may('read'),
        mayWithout: atTenant,
        handle: async (call) => (await answers()).listRoleDefinitions(context, call),
      },
      {
        method: 'PUT',
        path: one,
        permission: may('write'),
        linked: everywhere('write'),
        handle: async (call) => (await answers()).putRole(context, call),
      },
      {
        method: 'DELETE',
        path: one,
        permission: may('delete'),
        linked: everywhere('delete'),
        handle: async (call) => (await answers()).deleteRole(context, call),
      },
    ],
  };
}

/** Who writes or deletes a role needs that permission on each of its assignable scopes, those it has and those it shall have. */
async function checksOfScopes(store: Store, { params, body }: Call, action: string): Promise<readonly LinkedCheck[]> {
  const found = await findRole(store, params['roleDefinitionId'] ?? '');
  const current = found?.role.type === 'CustomRole' ? found.role.assignableScopes : [];
  const properties = isJsonObject(body) && isJsonObject(body['properties']) ? body['properties'] : {};
  const wanted = properties['assignableScopes'];
  const written = Array.isArray(wanted) ? (wanted as readonly Json[]).filter((scope) => typeof scope === 'string') : [];
  return [...new Set([...current, ...written])].map((scope) => ({ action, scope }));
}

/** At the tenant everybody is answered, with the roles that it may read: see `read-roles.ts`. */
async function atTenant({ params }: Call): Promise<boolean> {
  return foldId(params['scope'] ?? '/') === '';
}
