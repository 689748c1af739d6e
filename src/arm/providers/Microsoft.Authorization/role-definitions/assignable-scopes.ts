import type { Json } from '../../../../core/json.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { foldId, parseResourceId } from '../../../../core/resource-id.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { checkScope } from '../role-assignments/check.ts';
import { isManagementGroup } from '../scopes.ts';
import { flaw } from './flaw.ts';

const most = 2000;

/**
 * Reads the `assignableScopes` of a custom role: at least one, none of them the tenant, at most one of them a management
 * group. Refuses `InvalidAssignableScope`. @see Azure custom roles, "Custom role properties" and "Custom role limits"
 */
export function parseAssignableScopes(value: Json | undefined): readonly string[] | Refusal {
  if (!Array.isArray(value) || value.length === 0) {
    return refuseScope('assignableScopes', 'it must be a list with at least one scope.');
  }
  if (value.length > most) {
    return refuseScope('assignableScopes', `it has ${value.length} scopes; at most ${most} are allowed.`);
  }
  for (const [at, scope] of (value as readonly Json[]).entries()) {
    const problem = problemOf(scope);
    if (problem !== undefined) return refuseScope(`assignableScopes[${at}]`, problem);
  }
  const scopes = value as readonly string[];
  if (new Set(scopes.filter(isManagementGroup).map(foldId)).size <= 1) return scopes;
  return refuseScope('assignableScopes', 'it has more than one management group; a custom role may have one.');
}

function problemOf(scope: Json): string | undefined {
  if (typeof scope !== 'string' || parseResourceId(scope) === undefined) {
    return `'${typeof scope === 'string' ? scope : JSON.stringify(scope)}' is not a scope; it must be like /subscriptions/{subscriptionId}.`;
  }
  if (foldId(scope) === '') return "a custom role cannot be assignable at the root scope '/'.";
  return scope.includes('*') ? `'${scope}' has a wildcard (*), which scopes cannot have.` : undefined;
}

/** Whether every assignable scope exists in this tenant. Refuses `InvalidAssignableScope`, naming the first that does not. */
export async function checkAssignableScopes(
  context: Pick<ProviderContext, 'store' | 'hierarchy'>,
  scopes: readonly string[],
): Promise<Refusal | undefined> {
  for (const [at, scope] of scopes.entries()) {
    const missing = await checkScope(context, scope);
    if (isRefusal(missing)) {
      return refuseScope(`assignableScopes[${at}]`, `'${scope}' does not exist in this tenant: ${missing.message}`);
    }
  }
  return undefined;
}

function refuseScope(property: string, message: string): Refusal {
  return flaw('InvalidAssignableScope', property, message);
}
