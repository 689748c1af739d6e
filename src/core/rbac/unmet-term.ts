import type { AccessFacts } from './access-facts.ts';
import type { UnmetTerm } from './decision.ts';
import type { AssignmentTerms } from './role-assignment.ts';

/** The term that does not hold, if one does not. Where nothing is known of the request, none holds. */
export function unmetTerm(terms: AssignmentTerms, facts: AccessFacts | undefined): UnmetTerm | undefined {
  return unmetWindow(terms, facts) ?? (terms.condition === undefined ? undefined : 'conditionNotMet');
}

/** Whether an assignment is in force by its window, whatever its condition. */
export function isInForce(terms: AssignmentTerms | undefined, facts: AccessFacts | undefined): boolean {
  return terms === undefined || unmetWindow(terms, facts) === undefined;
}

function unmetWindow({ startsAt, endsAt }: AssignmentTerms, facts: AccessFacts | undefined): UnmetTerm | undefined {
  if (startsAt !== undefined && (facts === undefined || facts.now < startsAt)) return 'notYetInForce';
  if (endsAt !== undefined && (facts === undefined || facts.now >= endsAt)) return 'noLongerInForce';
  return undefined;
}
