import type { AccessRules } from './access-rules.ts';
import type { AskedAction } from './asked-action.ts';
import type { Holder, RoleNumber } from './assignment-table.ts';
import { conditionLanguage } from './condition/language.ts';
import type { Because, Grant, MissReason } from './decision.ts';
import { isWritten, type ScopePath, sharedSegments, textAt } from './scope-path.ts';

/** A question whose parts are folded and taken apart. */
export interface FoldedQuestion extends AskedAction {
  readonly holders: readonly Holder[];
  readonly path: ScopePath;
}

interface Miss {
  readonly grant: Grant;
  readonly reason: MissReason;
  /** The condition that does not hold. */
  readonly condition?: string;
  /** Higher is closer; then the longer scope in common with the target. */
  readonly closeness: number;
  readonly shared: number;
}

/**
 * The assignment that came closest to allowing: first one here whose role has the action and whose terms do not hold, then one
 * in force here whose role takes the action back, then one elsewhere whose role would allow it, then one in force here
 * without the action, then any other.
 */
export function findNearestMiss(rules: AccessRules, question: FoldedQuestion, limit: number): Because {
  const here = missesInForce(rules, question);
  const misses = here.some((miss) => miss.closeness >= 3)
    ? here
    : [...here, ...missesElsewhere(rules, question, limit)];
  const nearest = misses.reduce<Miss | undefined>((best, miss) => (isCloser(miss, best) ? miss : best), undefined);
  if (nearest === undefined) return { kind: 'noAssignments' };
  const { grant, reason, condition } = nearest;
  const unmet =
    condition === undefined ? {} : { unmet: conditionLanguage()?.describeUnmet(condition, question) ?? condition };
  return { kind: 'nearestMiss', grant, reason, ...unmet };
}

function isCloser(miss: Miss, best: Miss | undefined): boolean {
  if (best === undefined) return true;
  return miss.closeness > best.closeness || (miss.closeness === best.closeness && miss.shared > best.shared);
}

function missesInForce(rules: AccessRules, question: FoldedQuestion): Miss[] {
  const { holders, action, plane, path } = question;
  const misses: Miss[] = [];
  const collectUnmet = (principal: Holder, step: number) => {
    rules.assignments.findAt(principal, path, step, (role, row) => {
      const verdict = rules.verdictOf(role, action, plane);
      const hasAction = verdict === 'allowed' || verdict === 'conditional';
      const unmet = hasAction ? rules.unmetAt(role, row, question) : undefined;
      if (unmet !== undefined) misses.push({ grant: rules.grantAt(row), ...unmet, closeness: 4, shared: step });
      return unmet !== undefined;
    });
  };
  const collect = (reason: 'actionExcluded' | 'actionNotInRole', principal: Holder, step: number) => {
    const says = (role: RoleNumber) => rules.verdictOf(role, action, plane) === reason;
    const row = rules.assignments.findAt(principal, path, step, says);
    const closeness = reason === 'actionExcluded' ? 3 : 1;
    if (row >= 0) misses.push({ grant: rules.grantAt(row), reason, closeness, shared: step });
  };
  for (const principal of holders) {
    for (let step = path.ends.length - 1; step >= 0; step -= 1) {
      collectUnmet(principal, step);
      collect('actionExcluded', principal, step);
      collect('actionNotInRole', principal, step);
    }
  }
  return misses;
}

function missesElsewhere(rules: AccessRules, question: FoldedQuestion, limit: number): Miss[] {
  const misses: Miss[] = [];
  for (const principal of question.holders) {
    for (const assignment of rules.assignments.held(principal)) {
      if (misses.length >= limit) return misses;
      if (isInForce(assignment.scope, question.path)) continue;
      const verdict = rules.verdict(assignment.roleDefinitionId, question.action, question.plane);
      const allows = verdict === 'allowed' || verdict === 'conditional';
      const shared = sharedSegments(assignment.scope.toLowerCase(), question.path.folded);
      misses.push({ grant: rules.grantOf(assignment), reason: 'otherScope', closeness: allows ? 2 : 0, shared });
    }
  }
  return misses;
}

function isInForce(scope: string, path: ScopePath): boolean {
  return path.ends.some((end, step) => isWritten(scope === '/' ? '' : scope, textAt(path, step), end));
}
