import { isWithin } from '../../../../core/ports/scope-hierarchy.ts';
import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { foldId } from '../../../../core/resource-id.ts';
import type { Answer, Call } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { type FilterTerm, parseFilter, termValue } from '../filter.ts';
import { findRole, listRoles } from './find-role.ts';
import { presentRole } from './role-body.ts';

const action = 'Microsoft.Authorization/roleDefinitions/read';

const forms = ["roleName eq 'name'", "type eq 'BuiltInRole'", 'atScopeAndBelow()'];

/**
 * GET of one role definition. At the tenant a custom role is found by who may read it at one of its assignable scopes, for whom
 * else it is not there.
 */
export async function getRole(context: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const guid = call.params['roleDefinitionId'] ?? '';
  const scope = scopeOf(call);
  const found = await findRole(context.store, guid);
  if (found !== undefined && (!isTenant(scope) || mayRead(context, found.role, call))) {
    return { status: 200, body: presentRole(found, scope) };
  }
  return refuse('RoleDefinitionNotFound', `The specified role definition with ID '${guid}' does not exist.`);
}

/**
 * The role definitions of a scope: the built-in ones, and the custom ones that can be assigned there; with `atScopeAndBelow()`
 * those of scopes below too. At the tenant, where none can be assigned, all those that the caller may read.
 * @see https://learn.microsoft.com/azure/role-based-access-control/custom-roles-rest, "List all custom role definitions"
 */
export async function listRoleDefinitions(context: AuthorizationContext, call: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(call.query.get('$filter'), forms);
  if (isRefusal(filter)) return filter;
  const scope = scopeOf(call);
  const isListed = isTenant(scope)
    ? (role: RoleDefinition) => mayRead(context, role, call)
    : (role: RoleDefinition) => isOfScope(context, role, scope, filter);
  const listed = (await listRoles(context.store)).filter(({ role }) => isNamed(role, filter) && isListed(role));
  return { status: 200, body: { value: listed.map((found) => presentRole(found, scope)) } };
}

function scopeOf({ params }: Call): string {
  return params['scope'] ?? '/';
}

function isTenant(scope: string): boolean {
  return foldId(scope) === '';
}

/** The built-in roles are everybody's, as Azure's documents print them. */
function mayRead({ authorizer }: AuthorizationContext, role: RoleDefinition, { caller, facts }: Call): boolean {
  if (role.type === 'BuiltInRole') return true;
  const principalId = caller.objectId;
  return role.assignableScopes.some((scope) => authorizer.decide({ principalId, action, scope, facts }).allowed);
}

function isOfScope(
  { hierarchy }: AuthorizationContext,
  { type, assignableScopes }: RoleDefinition,
  scope: string,
  filter: readonly FilterTerm[],
): boolean {
  if (type === 'BuiltInRole') return true;
  const below = filter.some(({ name }) => name === 'atscopeandbelow');
  return assignableScopes.some(
    (assignable) => isWithin(hierarchy, scope, assignable) || (below && isWithin(hierarchy, assignable, scope)),
  );
}

function isNamed(role: RoleDefinition, filter: readonly FilterTerm[]): boolean {
  const name = termValue(filter, 'rolename') ?? role.roleName;
  const type = termValue(filter, 'type') ?? role.type;
  return name.toLowerCase() === role.roleName.toLowerCase() && type.toLowerCase() === role.type.toLowerCase();
}
