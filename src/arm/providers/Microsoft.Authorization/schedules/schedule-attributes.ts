import type { AccessFacts } from '../../../../core/rbac/access-facts.ts';
import { assignmentAttributes } from '../../../../core/rbac/assignment-attributes.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import type { ScheduleKind } from '../../../../core/schedules/schedule.ts';
import type { Call, LinkedCheck } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { settlePrincipalType } from '../role-assignments/check.ts';
import { loadRequest } from './schedule-documents.ts';
import { parseWantedRequest } from './wanted-request.ts';

/**
 * What conditions may ask of a schedule request: the role assignment that would come of it, so that who may assign certain roles
 * alone may schedule no others; `@Resource` is the same, for one that ends.
 */
export async function attributesOfRequest(
  { directory }: AuthorizationContext,
  kind: ScheduleKind,
  call: Call,
): Promise<Pick<AccessFacts, 'request' | 'resource'>> {
  const wanted = parseWantedRequest(kind, call);
  const principalType = isRefusal(wanted) ? wanted : settlePrincipalType(directory, wanted);
  if (isRefusal(wanted) || isRefusal(principalType)) return { request: {}, resource: {} };
  const attributes = assignmentAttributes({ ...wanted, principalType });
  return { request: attributes, resource: attributes };
}

/** An administrator's request needs what a role assignment needs that is made, or deleted, without a schedule. */
export async function linkedOfRequest(kind: ScheduleKind, call: Call): Promise<readonly LinkedCheck[] | Refusal> {
  const wanted = parseWantedRequest(kind, call);
  if (isRefusal(wanted)) return wanted;
  if (wanted.requestType.startsWith('Self')) return [];
  const verb = wanted.requestType === 'AdminRemove' ? 'delete' : 'write';
  return [{ action: `Microsoft.Authorization/roleAssignments/${verb}`, scope: wanted.scope }];
}

/** Who asks for itself needs no permission but to be eligible. */
export async function isSelfRequest(kind: ScheduleKind, call: Call): Promise<boolean> {
  const wanted = parseWantedRequest(kind, call);
  if (isRefusal(wanted)) return false;
  return wanted.requestType.startsWith('Self') && wanted.principalId === call.caller.objectId.toLowerCase();
}

/** Whether a request is the caller's own: it may read and cancel it. */
export async function isOwnRequest({ store }: AuthorizationContext, { resourceId, caller }: Call): Promise<boolean> {
  const kept = await loadRequest(store, resourceId.replace(/\/cancel$/i, ''));
  return kept?.request.requestorId === caller.objectId;
}

/** Who cancels another's request needs what assigning needs. */
export async function linkedOfCancel(context: AuthorizationContext, call: Call): Promise<readonly LinkedCheck[]> {
  if (await isOwnRequest(context, call)) return [];
  return [{ action: 'Microsoft.Authorization/roleAssignments/write', scope: call.params['scope'] ?? '/' }];
}
