import { rememberObjects } from '../remember.ts';
import type { AccessFacts } from './access-facts.ts';
import type { AskedAction } from './asked-action.ts';
import { loadCondition } from './condition/load.ts';
import type { Unmet } from './decision.ts';
import type { AssignmentTerms } from './role-assignment.ts';

/** Worked out when an assignment is first asked, and kept with it: however many different conditions there are. */
const conditionOf = rememberObjects(({ condition = '' }: AssignmentTerms) => loadCondition(condition).holds);

/** The term that does not hold, if one does not. What cannot be said does not hold. */
export function unmetTerm(terms: AssignmentTerms, asked: AskedAction): Unmet | undefined {
  const outside = unmetWindow(terms, asked.facts);
  const { condition } = terms;
  if (outside !== undefined || condition === undefined) return outside;
  return conditionOf(terms)(asked) === true ? undefined : { reason: 'conditionNotMet', condition };
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
