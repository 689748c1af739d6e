import type { AccessFacts } from './access-facts.ts';
import type { AccessRules } from './access-rules.ts';
import type { RoleNumber } from './assignment-table.ts';
import type { Permission } from './role-definition.ts';
import { toScopePath } from './scope-path.ts';
import { isInForce } from './unmet-term.ts';

/**
 * The permissions of every role that the principals (a caller and its groups) hold now at the scope or above, each role once: under
 * the condition of its assignment, unless another assignment has none.
 */
export function permissionsAt(
  rules: AccessRules,
  principals: readonly string[],
  scope: string,
  facts?: AccessFacts,
): readonly Permission[] {
  const path = toScopePath(scope, rules.hierarchy);
  const held = new Map<RoleNumber, string | undefined>();
  const hold = (role: RoleNumber, row: number) => {
    const terms = rules.assignments.termsAt(row);
    const isMore = !held.has(role) || terms?.condition === undefined;
    if (isMore && isInForce(terms, facts)) held.set(role, terms?.condition);
    return false;
  };
  for (const holder of rules.assignments.holders(principals.map((principal) => principal.toLowerCase()))) {
    for (let step = 0; step < path.ends.length; step += 1) rules.assignments.findAt(holder, path, step, hold);
  }
  return [...held].flatMap(([role, condition]) => {
    const permissions = rules.role(rules.assignments.roleId(role))?.permissions ?? [];
    return condition === undefined ? permissions : permissions.map((permission) => under(condition, permission));
  });
}

function under(condition: string, permission: Permission): Permission {
  const own = permission.condition;
  const both = own === undefined ? condition : `(${own}) AND (${condition})`;
  return { ...permission, condition: both, conditionVersion: '2.0' };
}
