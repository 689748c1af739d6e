import type { AccessFacts } from './access-facts.ts';
import type { AccessRules } from './access-rules.ts';
import type { RoleNumber } from './assignment-table.ts';
import type { Because, Decision, Grant } from './decision.ts';
import { type FoldedQuestion, findNearestMiss } from './nearest-miss.ts';
import type { Plane } from './role-verdict.ts';
import { toScopePath } from './scope-path.ts';

/** What is asked: `principals` are the caller's object id and those of its groups; best the same list each time. */
export interface AccessQuestion {
  readonly principals: readonly string[];
  readonly action: string;
  readonly scope: string;
  /** Default `control`. */
  readonly plane?: Plane;
  /** Without them nothing is known of the request: an assignment that has terms allows nothing. */
  readonly facts?: AccessFacts;
  /** How many assignments at other scopes may be looked through for the nearest miss; default 64. */
  readonly missesLookedAt?: number;
}

/**
 * Decides as Azure RBAC does: a deny assignment first; then any role assignment at the scope or above it whose role has
 * the action (its actions minus its own notActions) and whose own terms hold allows; otherwise it is refused.
 * @see https://learn.microsoft.com/azure/role-based-access-control/overview#how-azure-rbac-determines-if-a-user-has-access-to-a-resource
 */
export function decide(rules: AccessRules, question: AccessQuestion): Decision {
  const plane = question.plane ?? 'control';
  const action = question.action.toLowerCase();
  const { principals, holders, byScope } = rules.callerOf(question.principals);
  const path = toScopePath(question.scope, rules.hierarchy);
  const deny = rules.denials.find(principals, action, plane, path, question.facts?.stackId);
  if (deny !== undefined) return { allowed: false, deny, because: { kind: 'deniedBy', deny } };
  const asked = { action, plane, facts: question.facts };
  const allows = (role: RoleNumber, row: number) => rules.allows(role, row, asked);
  for (let step = path.ends.length - 1; step >= 0; step -= 1) {
    for (const holder of byScope.at(path.hashes[step] ?? 0)) {
      const row = rules.assignments.findAt(holder, path, step, allows);
      if (row >= 0) return new Allowed(rules, row);
    }
  }
  return new Refused(rules, { ...asked, holders, path }, question.missesLookedAt ?? 64);
}

/** The grant is put together when it is asked for: most allowed requests are reads, and nobody asks. */
class Allowed implements Decision {
  readonly allowed = true;
  readonly #rules: AccessRules;
  readonly #row: number;

  constructor(rules: AccessRules, row: number) {
    this.#rules = rules;
    this.#row = row;
  }

  get because(): Because {
    return new AllowedBy(this.#rules, this.#row);
  }
}

class AllowedBy {
  readonly kind = 'allowedBy';
  readonly #rules: AccessRules;
  readonly #row: number;

  constructor(rules: AccessRules, row: number) {
    this.#rules = rules;
    this.#row = row;
  }

  get grant(): Grant {
    return this.#rules.grantAt(this.#row);
  }
}

/** What came closest is for the operator, who rarely asks; lists refuse item after item. */
class Refused implements Decision {
  readonly allowed = false;
  readonly #rules: AccessRules;
  readonly #question: FoldedQuestion;
  readonly #limit: number;

  constructor(rules: AccessRules, question: FoldedQuestion, limit: number) {
    this.#rules = rules;
    this.#question = question;
    this.#limit = limit;
  }

  get because(): Because {
    return findNearestMiss(this.#rules, this.#question, this.#limit);
  }
}
