import { builtInRoles } from '../../src/arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import type { RoleAssignment } from '../../src/core/rbac/role-assignment.ts';
import type { RoleDefinition } from '../../src/core/rbac/role-definition.ts';

/** What one decision is about. */
export interface Query {
  /** The caller's object id alone; the same list for each query of a caller, as the authorizer has it. */
  readonly principals: readonly string[];
  readonly action: string;
  readonly scope: string;
}

/** Random numbers that are the same in each run. @see Vigna, xorshift32 */
export type Draw = (below: number) => number;

export function drawFrom(seed: number): Draw {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const assignmentsPerPrincipal = 10;
const roleCount = 400;

/** 400 roles: the shipped ones that allow something in Resource Manager, and as many more, each of parts of several of them. */
export function makeRoles(draw: Draw): readonly RoleDefinition[] {
  const shipped = builtInRoles().filter(({ permissions: [permission] }) => (permission?.actions.length ?? 0) > 0);
  const patterns = shipped.flatMap(({ permissions }) => permissions.flatMap(({ actions }) => actions));
  const narrow = patterns.filter((pattern) => pattern !== '*' && pattern !== '*/read');
  const others = Array.from({ length: roleCount - shipped.length }, (_, at): RoleDefinition => {
    const actions = Array.from({ length: 3 + draw(15) }, () => narrow[draw(narrow.length)] ?? '');
    const notActions = draw(4) === 0 ? [`${actions[0]?.split('/')[0]}/*/delete`] : [];
    const permissions = [{ actions, notActions, dataActions: [], notDataActions: [] }];
    const id = guidOf(at, 7);
    return { id, roleName: `Role ${at}`, type: 'CustomRole', description: '', assignableScopes: ['/'], permissions };
  });
  return [...shipped, ...others];
}

/** Makes assignment `at` of `count`: ten for each principal, at subscriptions, resource groups and resources. */
export function makeAssignment(
  at: number,
  count: number,
  roles: readonly RoleDefinition[],
  draw: Draw,
): RoleAssignment {
  const principalId = guidOf(draw(Math.max(1, Math.floor(count / assignmentsPerPrincipal))), 1);
  // The broadest roles at a subscription, as people have them; most assignments lie deeper.
  const depth = draw(10);
  const scope = scopeOf(count, draw, depth < 1 ? 1 : depth < 8 ? 2 : 3);
  const assignment = {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${guidOf(at, 2)}`,
    scope,
    roleDefinitionId: roles[draw(roles.length)]?.id ?? '',
    principalId,
    principalType: 'ServicePrincipal',
  };
  // Texts as they come from a store: flat, and each its own.
  return JSON.parse(JSON.stringify(assignment)) as RoleAssignment;
}

/** A query that an assignment is likely to allow: an action of its role, at a resource below its scope. */
export function queryOf(
  assignment: RoleAssignment,
  roles: ReadonlyMap<string, RoleDefinition>,
  draw: Draw,
  callers: Map<string, readonly string[]>,
): Query {
  const actions = roles.get(assignment.roleDefinitionId)?.permissions[0]?.actions ?? [];
  const pattern = actions[draw(actions.length)] ?? '*';
  const action = pattern === '*' ? 'Microsoft.Compute/virtualMachines/read' : pattern.replace('*', 'things/read');
  return { principals: callerOf(assignment.principalId, callers), action, scope: below(assignment.scope, draw) };
}

/** The list that names a caller, the same each time. */
export function callerOf(principalId: string, callers: Map<string, readonly string[]>): readonly string[] {
  const known = callers.get(principalId) ?? [principalId];
  callers.set(principalId, known);
  return known;
}

function scopeOf(count: number, draw: Draw, depth: number): string {
  const subscription = `/subscriptions/${guidOf(draw(Math.ceil(count / 1000)), 3)}`;
  if (depth === 1) return subscription;
  const group = `${subscription}/resourceGroups/group-${draw(50)}`;
  return depth === 2 ? group : `${group}/providers/Microsoft.Compute/virtualMachines/machine-${draw(50)}`;
}

function below(scope: string, draw: Draw): string {
  const segments = scope.split('/').length;
  const group = segments === 3 ? `${scope}/resourceGroups/group-${draw(50)}` : scope;
  return segments > 5 ? scope : `${group}/providers/Microsoft.Compute/virtualMachines/machine-${draw(50)}`;
}

function guidOf(number: number, kind: number): string {
  return `${kind}0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
