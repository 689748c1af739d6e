import type { JsonObject } from '../../../../core/json.ts';
import { nameOf, parseResourceId } from '../../../../core/resource-id.ts';
import type { ActivationRule, Schedule, ScheduleTarget } from '../../../../core/schedules/schedule.ts';
import { type ScheduleRequest, statusAt } from '../../../../core/schedules/schedule-request.ts';
import { type EpochMillis, formatArmTime } from '../../../../core/time.ts';
import type { Actor } from '../../../../core/token/actor.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { findRole } from '../role-definitions/find-role.ts';
import { formatRoleDefinitionId } from '../role-definitions/role-definition-id.ts';
import { isManagementGroup } from '../scopes.ts';
import { authorizationId, typesOf } from './kinds.ts';

type Names = Pick<AuthorizationContext, 'store' | 'directory'>;

/** A schedule as clients read it. @see azure-mgmt-authorization, RoleAssignmentSchedule and RoleEligibilitySchedule */
export async function presentSchedule(context: Names, schedule: Schedule): Promise<JsonObject> {
  const { id, name, kind, phase, updatedOn } = schedule;
  const properties = {
    ...(await sharedProperties(context, schedule)),
    [`role${kind}ScheduleRequestId`]: schedule.requestId,
    status: phase === 'inForce' ? 'Provisioned' : 'ScheduleCreated',
    updatedOn: formatArmTime(updatedOn),
  };
  return { properties, name, id, type: `Microsoft.Authorization/${typesOf[kind].schedules}` };
}

/** What is in force of a schedule, as clients read it. @see azure-mgmt-authorization, RoleAssignmentScheduleInstance */
export async function presentInstance(context: Names, schedule: Schedule): Promise<JsonObject> {
  const { kind, scope, heldAs, id: scheduleId } = schedule;
  const type = typesOf[kind].instances;
  const origin = { originRoleAssignmentId: authorizationId(scope, 'roleAssignments', heldAs) };
  const properties = {
    ...(await sharedProperties(context, schedule)),
    [`role${kind}ScheduleId`]: scheduleId,
    ...(kind === 'Assignment' ? origin : {}),
    status: 'Provisioned',
  };
  return {
    properties,
    name: heldAs,
    id: authorizationId(scope, type, heldAs),
    type: `Microsoft.Authorization/${type}`,
  };
}

async function sharedProperties(context: Names, schedule: Schedule): Promise<JsonObject> {
  const { kind, startsAt, endsAt, createdOn, linkedEligibilityId, activation } = schedule;
  const isActivated = linkedEligibilityId !== undefined;
  return {
    ...targetProperties(schedule),
    memberType: 'Direct',
    ...(kind === 'Assignment' ? { assignmentType: isActivated ? 'Activated' : 'Assigned' } : {}),
    ...(isActivated ? { linkedRoleEligibilityScheduleId: linkedEligibilityId } : {}),
    startDateTime: formatArmTime(startsAt),
    ...(endsAt === undefined ? {} : { endDateTime: formatArmTime(endsAt) }),
    ...conditionProperties(schedule),
    createdOn: formatArmTime(createdOn),
    ...actorProperties(schedule.actor),
    ...(activation === undefined ? {} : { posternActivation: presentActivation(activation) }),
    expandedProperties: await expand(context, schedule),
  };
}

/** A request as clients read it. @see azure-mgmt-authorization, RoleAssignmentScheduleRequest */
export async function presentRequest(context: Names, request: ScheduleRequest, now: EpochMillis): Promise<JsonObject> {
  const { id, name, kind, scheduleId, linkedEligibilityId, activation, review } = request;
  const properties = {
    ...targetProperties(request),
    requestType: request.requestType,
    status: statusAt(request, now),
    ...(review === undefined ? {} : { approvalId: authorizationId('/', 'roleAssignmentApprovals', review.approvalId) }),
    ...(scheduleId === undefined ? {} : { [`targetRole${kind}ScheduleId`]: scheduleId }),
    ...(linkedEligibilityId === undefined ? {} : { linkedRoleEligibilityScheduleId: linkedEligibilityId }),
    ...(request.scheduleInfo === undefined ? {} : { scheduleInfo: request.scheduleInfo }),
    ...(request.justification === undefined ? {} : { justification: request.justification }),
    ...(request.ticketInfo === undefined ? {} : { ticketInfo: request.ticketInfo }),
    ...conditionProperties(request),
    createdOn: formatArmTime(request.createdOn),
    requestorId: request.requestorId,
    ...actorProperties(request.actor),
    ...(activation === undefined ? {} : { posternActivation: presentActivation(activation) }),
    expandedProperties: await expand(context, request),
  };
  return { properties, name, id, type: `Microsoft.Authorization/${typesOf[kind].requests}` };
}

function targetProperties({ scope, roleDefinitionId, principalId, principalType }: ScheduleTarget): JsonObject {
  return { scope, roleDefinitionId: formatRoleDefinitionId(scope, roleDefinitionId), principalId, principalType };
}

function conditionProperties({ condition }: { readonly condition?: string }): JsonObject {
  return condition === undefined ? {} : { condition, conditionVersion: '2.0' };
}

/** Our own, in the shape of the activity log's. */
function actorProperties(actor: Actor | undefined): JsonObject {
  if (actor === undefined) return {};
  const { userName, uid, machineResourceId } = actor;
  return { posternActor: { userName, uid, machineId: machineResourceId } };
}

function presentActivation({ maximumMillis, userNames, ...rule }: ActivationRule): JsonObject {
  return { ...rule, ...(userNames === undefined ? {} : { userNames }), maximumDuration: `PT${maximumMillis / 1000}S` };
}

async function expand({ store, directory }: Names, target: ScheduleTarget): Promise<JsonObject> {
  const { scope, roleDefinitionId, principalId, principalType } = target;
  const role = (await findRole(store, roleDefinitionId))?.role;
  const principal = directory.servicePrincipal(principalId);
  return {
    scope: { id: scope, displayName: nameOf(scope), type: scopeType(scope) },
    roleDefinition: {
      id: formatRoleDefinitionId(scope, roleDefinitionId),
      ...(role === undefined ? {} : { displayName: role.roleName, type: role.type }),
    },
    principal: {
      id: principalId,
      ...(principal?.displayName === undefined ? {} : { displayName: principal.displayName }),
      type: principalType,
    },
  };
}

function scopeType(scope: string): string {
  const parsed = parseResourceId(scope);
  if (isManagementGroup(scope)) return 'managementgroup';
  if (parsed?.provider !== undefined) return 'resource';
  if (parsed?.resourceGroupName !== undefined) return 'resourcegroup';
  return parsed?.subscriptionId === undefined ? 'tenant' : 'subscription';
}
