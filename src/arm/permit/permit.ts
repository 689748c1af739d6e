// Whether the caller may: the authorizer decides, this folder asks it and words the 403. Nothing here says why; that is for
// the operator.

import type { Authorizer } from '../../core/ports/authorizer.ts';
import type { VerifiedToken } from '../../core/ports/token-verifier.ts';
import type { AccessFacts } from '../../core/rbac/access-facts.ts';
import type { Because, Decision } from '../../core/rbac/decision.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';

/** A permission that the caller has, and what gave it. */
export interface Permitted {
  readonly because: Because;
}

/** Decides one permission. Refuses `AuthorizationFailed` and `DenyAssignmentAuthorizationFailed` in ARM's exact words. */
export function permit(
  authorizer: Authorizer,
  caller: VerifiedToken,
  action: string,
  scope: string,
  facts: AccessFacts,
): Permitted | Refusal {
  const decision = authorizer.decide({ principalId: caller.objectId, action, scope, facts });
  if (decision.allowed) return { because: decision.because };
  if (decision.deny === undefined) return refuseAction(caller, action, scope, isConditional(decision, facts));
  const { name, id, scope: denyScope } = decision.deny;
  return refuse(
    'DenyAssignmentAuthorizationFailed',
    `The client '${caller.appId}' with object id '${caller.objectId}' has permission to perform action '${action}' on scope '${scope}'; however, the access is denied because of the deny assignment with name '${name}' and Id '${id}' at scope '${denyScope}'.`,
  );
}

/** Whether it was a condition on what is written that kept the caller from it: of role assignments, as in Azure. */
function isConditional(decision: Decision, { request, resource }: AccessFacts): boolean {
  if (request === undefined && resource === undefined) return false;
  const { because } = decision;
  return because.kind === 'nearestMiss' && because.reason === 'conditionNotMet';
}

/** ARM's 403 for an action at a scope. */
export function refuseAction(caller: VerifiedToken, action: string, scope: string, conditional = false): Refusal {
  const lacks = conditional ? 'authorization or an ABAC condition not fulfilled' : 'authorization';
  return refuse(
    'AuthorizationFailed',
    `The client '${caller.appId}' with object id '${caller.objectId}' does not have ${lacks} to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}
