import type { EpochMillis } from '../time.ts';
import type { AccessFacts } from './access-facts.ts';
import type { Because, Decision, Grant } from './decision.ts';

/** A decision in words and ids, for the operator: never sent to the caller, whom it would tell what others hold. */
export interface Explanation {
  readonly allowed: boolean;
  readonly kind: Because['kind'];
  readonly reason: string;
  readonly assignmentId?: string;
  readonly roleName?: string;
  readonly roleDefinitionId?: string;
  /** Where the assignment (or deny assignment) was made. */
  readonly assignmentScope?: string;
  /** The principal it was made for: the caller, or a group of the caller. */
  readonly assignedTo?: string;
  readonly denyAssignmentId?: string;
}

/** What was asked of `decide`. */
export interface ExplainedQuestion {
  readonly principalId: string;
  readonly action: string;
  readonly scope: string;
  readonly facts?: AccessFacts;
}

/** Puts a decision into words: the assignment and role that allowed it, or what came closest and what it lacked. */
export function explain(question: ExplainedQuestion, { allowed, because }: Decision): Explanation {
  const { action, scope, principalId } = question;
  switch (because.kind) {
    case 'allowedBy':
      return { allowed, kind: because.kind, ...factsOf(because.grant), reason: allowedReason(question, because.grant) };
    case 'deniedBy':
      return {
        allowed,
        kind: because.kind,
        reason: `deny assignment '${because.deny.name}' at ${because.deny.scope} forbids ${action}`,
        assignmentScope: because.deny.scope,
        denyAssignmentId: because.deny.id,
      };
    case 'nearestMiss':
      return { allowed, kind: because.kind, ...factsOf(because.grant), reason: missReason(question, because) };
    case 'noAssignments':
      return {
        allowed,
        kind: because.kind,
        reason: `principal ${principalId} has no role assignment at all, so nothing gives it ${action} at ${scope}`,
      };
  }
}

function factsOf({ assignment, role }: Grant) {
  return {
    assignmentId: assignment.id,
    roleName: role.roleName,
    roleDefinitionId: role.id,
    assignmentScope: assignment.scope,
    assignedTo: assignment.principalId,
  };
}

function allowedReason({ action, principalId }: ExplainedQuestion, grant: Grant): string {
  return `${holder(principalId, grant)} has the role ${grant.role.roleName} at ${grant.assignment.scope}, which has ${action}`;
}

function missReason(
  { action, scope, principalId }: ExplainedQuestion,
  because: Because & { kind: 'nearestMiss' },
): string {
  const { grant, reason, unmet } = because;
  const held = `${holder(principalId, grant)} has the role ${grant.role.roleName} at ${grant.assignment.scope}`;
  switch (reason) {
    case 'notYetInForce':
      return `${held}, but that assignment begins at ${formatTime(grant.assignment.startsAt)}`;
    case 'noLongerInForce':
      return `${held}, but that assignment ended at ${formatTime(grant.assignment.endsAt)}`;
    case 'conditionNotMet':
      return `${held}, but its condition does not hold: ${unmet}`;
    case 'actionNotInRole':
      return `${held}, but no action of that role matches ${action}`;
    case 'actionExcluded':
      return `${held}, but that role's notActions take ${action} back`;
    case 'otherScope':
      return `${held}, but that scope is neither ${scope} nor above it`;
  }
}

function formatTime(at: EpochMillis | undefined): string {
  return at === undefined ? 'no time' : new Date(at).toISOString();
}

function holder(principalId: string, { assignment }: Grant): string {
  const isGroup = assignment.principalId.toLowerCase() !== principalId.toLowerCase();
  return isGroup ? `group ${assignment.principalId}, of which ${principalId} is a member,` : `principal ${principalId}`;
}
