import type { AccessFacts } from './access-facts.ts';
import type { AskedAction } from './asked-action.ts';
import type { Condition } from './condition/condition.ts';
import { conditionLanguage } from './condition/language.ts';
import type { Unmet } from './decision.ts';
import type { AssignmentTerms } from './role-assignment.ts';

/** Worked out when an assignment is first asked, and kept with it: however many different conditions there are. */
const evaluators = new WeakMap<AssignmentTerms, Condition>();

/** The term that does not hold, if one does not. What cannot be said does not hold. */
export function unmetTerm(terms: AssignmentTerms, asked: AskedAction): Unmet | undefined {
  const { condition } = terms;
  const outside = unmetWindow(terms, asked.facts);
  if (outside !== undefined || condition === undefined) return outside;
  const holds = evaluators.get(terms) ?? evaluatorOf(terms, condition);
  return holds?.(asked) === true ? undefined : { reason: 'conditionNotMet', condition };
}

function evaluatorOf(terms: AssignmentTerms, condition: string): Condition | undefined {
  const evaluator = conditionLanguage()?.evaluatorOf(condition);
  if (evaluator !== undefined) evaluators.set(terms, evaluator);
  return evaluator;
}

/** Whether an assignment is in force by its window, whatever its condition. */
export function isInForce(terms: AssignmentTerms | undefined, facts: AccessFacts | undefined): boolean {
  return terms === undefined || unmetWindow(terms, facts) === undefined;
}

function unmetWindow({ startsAt, endsAt }: AssignmentTerms, facts: AccessFacts | undefined): Unmet | undefined {
  if (startsAt !== undefined && (facts === undefined || facts.now < startsAt)) return { reason: 'notYetInForce' };
  if (endsAt !== undefined && (facts === undefined || facts.now >= endsAt)) return { reason: 'noLongerInForce' };
  return undefined;
}
