import { BoundedMap } from '../../core/bounded-map.ts';
import type { AccessRegister } from '../../core/ports/access-register.ts';
import type { Authorizer } from '../../core/ports/authorizer.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Directory } from '../../core/ports/directory.ts';
import type { ScopeHierarchy } from '../../core/ports/scope-hierarchy.ts';
import {
  type Change,
  type Document,
  type DocumentKey,
  documentKey,
  type Selection,
  type Store,
} from '../../core/ports/store.ts';
import type { AccessFacts } from '../../core/rbac/access-facts.ts';
import { AccessRules } from '../../core/rbac/access-rules.ts';
import { loadConditionLanguage } from '../../core/rbac/condition/language.ts';
import { decide } from '../../core/rbac/decide.ts';
import { accessDocumentKinds } from '../../core/rbac/documents.ts';
import { type ExplainedQuestion, type Explanation, explain } from '../../core/rbac/explain.ts';
import { permissionsAt } from '../../core/rbac/permissions-at.ts';
import type { RoleDefinition } from '../../core/rbac/role-definition.ts';
import { isInForce } from '../../core/rbac/unmet-term.ts';
import { applyChange } from './apply-change.ts';
import { type DelayedRules, delayRules } from './delayed-rules.ts';

/**
 * Who may do what, answered from memory: this folder keeps `core/rbac`'s rules the same as the stored role assignments,
 * deny assignments and custom roles. A change is in force before the transaction that made it resolves.
 */
export interface OpenAuthorizer extends Authorizer, AccessRegister {
  /** Why, for the operator: looks through all of the principal's assignments for the nearest miss. */
  explain(question: ExplainedQuestion): Explanation;
  /**
   * Lets role assignments take effect so many seconds after they are made or deleted; 0 is at once. What is waiting when this
   * is called takes effect.
   */
  delayAssignments(seconds: number, clock: Clock): Promise<void>;
  /** Stops following the store. */
  close(): void;
}

/** What an authorizer is made from; `roles` are the built-in ones, or what answers them when one is first asked for. */
export interface AuthorizerParts {
  readonly store: Store;
  readonly directory: Pick<Directory, 'groupsOf'>;
  readonly roles: readonly RoleDefinition[] | (() => readonly RoleDefinition[]);
  readonly hierarchy: Pick<ScopeHierarchy, 'ancestorsOf'>;
}

// Every ARM id begins with one of these; the directory, keys and operations lie elsewhere.
const roots = ['/subscriptions', '/providers'].map(documentKey);

/** Reads what is stored and follows every change from then on. */
export async function openAuthorizer(parts: AuthorizerParts): Promise<OpenAuthorizer> {
  const { store, directory, roles, hierarchy } = parts;
  const rules = new AccessRules(roles, hierarchy);
  const close = await follow(store, (change) => applyChange(rules, change));
  if (rules.assignments.hasConditions) await loadConditionLanguage();
  const principalsOf = principalLists(directory);
  let delayed: { readonly rules: DelayedRules; readonly stop: () => void } | undefined;
  // What is decided by; lists and limits always go by what is stored.
  const inForce = () => delayed?.rules.now() ?? rules;
  return {
    decide: ({ principalId, ...question }) => decide(inForce(), { ...question, principals: principalsOf(principalId) }),
    permissionsAt: (principalId, scope, facts) => permissionsAt(inForce(), principalsOf(principalId), scope, facts),
    scopesOf: (principalId, facts) => scopesOf(inForce(), principalsOf(principalId), facts),
    delayAssignments: async (seconds, clock) => {
      delayed?.stop();
      delayed = undefined;
      if (seconds === 0) return;
      const behind = new AccessRules(roles, hierarchy);
      const following = delayRules(behind, seconds, clock);
      let take = (change: Change): void => applyChange(behind, change);
      const stop = await follow(store, (change) => take(change));
      take = following.take;
      delayed = { rules: following, stop };
    },
    explain: (question) => {
      const principals = principalsOf(question.principalId);
      const missesLookedAt = Number.POSITIVE_INFINITY;
      return explain(question, decide(inForce(), { ...question, principals, missesLookedAt }));
    },
    assignmentsCountedAt: (scope) => rules.assignments.countAt(scope),
    assignmentsOfRole: (roleDefinitionId) => rules.assignments.usesOf(roleDefinitionId),
    assignmentsOf: (principalIds) => principalIds.flatMap((principalId) => [...rules.assignments.of(principalId)]),
    customRoles: () => rules.customRoles,
    close: () => {
      delayed?.stop();
      close();
    },
  };
}

/** The most callers whose lists are kept. */
const maxCallers = 4096;

/** A principal with its groups: the same list for as long as its groups are the same. */
function principalLists({ groupsOf }: AuthorizerParts['directory']): (principalId: string) => readonly string[] {
  const lists = new BoundedMap<string, { readonly groups: readonly string[]; readonly all: readonly string[] }>(
    maxCallers,
  );
  return (principalId) => {
    const groups = groupsOf(principalId);
    const known = lists.get(principalId);
    if (known?.groups === groups) return known.all;
    const all = [principalId, ...groups];
    lists.set(principalId, { groups, all });
    return all;
  };
}

/** Changes made while the documents are read are applied after them, in order: each is harmless when already seen. */
async function follow(store: Store, apply: (change: Change) => void): Promise<() => void> {
  const waiting: Change[] = [];
  let take = (changes: readonly Change[]): void => void waiting.push(...changes);
  const close = store.watch((changes) => take(changes));
  for (const [root, kind] of roots.flatMap((one) => accessDocumentKinds.map((other) => [one, other] as const))) {
    const type = `microsoft.authorization/${kind}`;
    await readEach(store, root, type, (after) => apply({ key: after.key, before: undefined, after }));
  }
  waiting.forEach(apply);
  take = (changes) => changes.forEach(apply);
  return close;
}

/** At most so many documents are in memory at once: a large tenant has hundreds of thousands of role assignments. */
const readAtOnce = 5_000;

async function readEach(store: Store, root: DocumentKey, type: string, take: (document: Document) => void) {
  let last: Document | undefined;
  do {
    const after: Pick<Selection, 'after'> = last === undefined ? {} : { after: last.key };
    const documents = await store.list(root, { type, ...after, limit: readAtOnce });
    documents.forEach(take);
    last = documents.length < readAtOnce ? undefined : documents.at(-1);
  } while (last !== undefined);
}

function scopesOf(rules: AccessRules, principals: readonly string[], facts?: AccessFacts): readonly string[] {
  const assignments = principals.flatMap((principal) => [...rules.assignments.of(principal)]);
  return [...new Set(assignments.filter((one) => isInForce(one, facts)).map(({ scope }) => scope))];
}
