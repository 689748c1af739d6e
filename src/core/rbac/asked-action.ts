import type { AccessFacts } from './access-facts.ts';
import type { Plane } from './role-verdict.ts';

/** What is asked of an assignment: the action folded, and what else is known of the request. */
export interface AskedAction {
  readonly action: string;
  readonly plane: Plane;
  readonly facts: AccessFacts | undefined;
}
