import type { AccessFacts } from './access-facts.ts';
import type { AccessRules } from './access-rules.ts';
import type { RoleNumber } from './assignment-table.ts';
import type { Permission } from './role-definition.ts';
import { toScopePath } from './scope-path.ts';
import { isInForce } from './unmet-term.ts';

/** The permissions of every role that the principals (a caller and its groups) hold at the scope or above, each role once. */
export function permissionsAt(
  rules: AccessRules,
  principals: readonly string[],
  scope: string,
  facts?: AccessFacts,
): readonly Permission[] {
  const path = toScopePath(scope, rules.hierarchy);
  const held = new Set<RoleNumber>();
  const hold = (role: RoleNumber, row: number) => {
    if (isInForce(rules.assignments.termsAt(row), facts)) held.add(role);
    return false;
  };
  for (const holder of rules.assignments.holders(principals.map((principal) => principal.toLowerCase()))) {
    for (let step = 0; step < path.ends.length; step += 1) rules.assignments.findAt(holder, path, step, hold);
  }
  return [...held].flatMap((role) => rules.role(rules.assignments.roleId(role))?.permissions ?? []);
}
