import type { Authorizer } from '../../core/ports/authorizer.ts';
import type { VerifiedToken } from '../../core/ports/token-verifier.ts';
import type { AccessFacts } from '../../core/rbac/access-facts.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { LinkedCheck } from '../provider-contract.ts';

/** The permission that the request itself needed and has. */
export interface Requested {
  readonly action: string;
  readonly scope: string;
}

/** Decides the linked permissions. Refuses `LinkedAuthorizationFailed`, naming every one that is missing. */
export function permitLinked(
  authorizer: Authorizer,
  caller: VerifiedToken,
  requested: Requested,
  checks: readonly LinkedCheck[],
  facts: AccessFacts,
): Refusal | undefined {
  const principalId = caller.objectId;
  const isMissing = ({ action, scope }: LinkedCheck) =>
    !authorizer.decide({ principalId, action, scope, facts }).allowed;
  const missing = checks.filter(isMissing);
  if (missing.length === 0) return undefined;
  const actions = missing.map(({ action }) => action).join(',');
  const scopes = missing.map(({ scope }) => scope).join(',');
  return refuse(
    'LinkedAuthorizationFailed',
    `The client '${caller.appId}' with object id '${principalId}' has permission to perform action '${requested.action}' on scope '${requested.scope}'; however, it does not have permission to perform action(s) '${actions}' on the linked scope(s) '${scopes}' (respectively) or the linked scope(s) are invalid.`,
  );
}
