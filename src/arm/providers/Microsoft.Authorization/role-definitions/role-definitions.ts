import { isJsonObject, type Json } from '../../../../core/json.ts';
import { isWithin } from '../../../../core/ports/scope-hierarchy.ts';
import type { Store } from '../../../../core/ports/store.ts';
import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call, LinkedCheck, ResourceType } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { type FilterTerm, parseFilter, termValue } from '../filter.ts';
import { findRole, listRoles } from './find-role.ts';
import { presentRole } from './role-body.ts';

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
      { method: 'GET', path: one, permission: may('read'), handle: (call) => getRole(store, call) },
      { method: 'GET', path: many, permission: may('read'), handle: (call) => listAssignable(context, call) },
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

async function getRole(store: Store, { params }: Call): Promise<Answer | Refusal> {
  const guid = params['roleDefinitionId'] ?? '';
  const found = await findRole(store, guid);
  if (found !== undefined) return { status: 200, body: presentRole(found, params['scope'] ?? '/') };
  return refuse('RoleDefinitionNotFound', `The specified role definition with ID '${guid}' does not exist.`);
}

async function listAssignable(context: AuthorizationContext, { params, query }: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(query.get('$filter'), ['rolename', 'type', 'atscopeandbelow']);
  if (isRefusal(filter)) return filter;
  const scope = params['scope'] ?? '/';
  const listed = (await listRoles(context.store)).filter(({ role }) => isListed(context, role, scope, filter));
  return { status: 200, body: { value: listed.map((found) => presentRole(found, scope)) } };
}

/** A role is listed where it can be assigned: at its assignable scopes and below; with `atScopeAndBelow()` above them too. */
function isListed(
  { hierarchy }: AuthorizationContext,
  role: RoleDefinition,
  scope: string,
  filter: readonly FilterTerm[],
): boolean {
  const below = filter.some(({ name }) => name === 'atscopeandbelow');
  const name = termValue(filter, 'rolename') ?? role.roleName;
  const type = termValue(filter, 'type') ?? role.type;
  if (name.toLowerCase() !== role.roleName.toLowerCase() || type.toLowerCase() !== role.type.toLowerCase())
    return false;
  if (role.type === 'BuiltInRole') return true;
  return role.assignableScopes.some(
    (assignable) => isWithin(hierarchy, scope, assignable) || (below && isWithin(hierarchy, assignable, scope)),
  );
}
