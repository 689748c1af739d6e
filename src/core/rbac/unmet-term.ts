import type { AccessFacts } from './access-facts.ts';
import type { AskedAction } from './asked-action.ts';
import { loadCondition } from './condition/load.ts';
import type { Unmet } from './decision.ts';
import type { AssignmentTerms } from './role-assignment.ts';

/** The term that does not hold, if one does not. What cannot be said does not hold. */
export function unmetTerm(terms: AssignmentTerms, asked: AskedAction): Unmet | undefined {
  const outside = unmetWindow(terms, asked.facts);
  if (outside !== undefined || terms.condition === undefined) return outside;
  const { condition } = terms;
  return loadCondition(condition).holds(asked) === true ? undefined : { reason: 'conditionNotMet', condition };
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
