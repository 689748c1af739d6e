import { isRefusal } from '../../../../core/refusal.ts';
import type { ScheduleKind } from '../../../../core/schedules/schedule.ts';
import type { Call, Operation, ResourceType } from '../../../provider-contract.ts';
import type { AuthorizationContext } from '../authorization-context.ts';
import { typesOf } from './kinds.ts';

const answers = () => import('./operations.ts');

const apiVersions = ['2020-10-01', '2020-10-01-preview'];
const namespace = 'Microsoft.Authorization';

/** The types of scheduled role assignments and of eligibilities, and the approvals of activations. */
export function scheduleTypesOf(context: AuthorizationContext): readonly ResourceType[] {
  return [...typesOfKind(context, 'Assignment'), ...typesOfKind(context, 'Eligibility'), approvals(context)];
}

function typesOfKind(context: AuthorizationContext, kind: ScheduleKind): readonly ResourceType[] {
  const { schedules, instances } = typesOf[kind];
  return [
    requests(context, kind),
    readable(
      schedules,
      'scheduleName',
      async (call) => (await answers()).getSchedule(context, call),
      async (call) => (await answers()).listSchedules(context, kind, call),
    ),
    readable(
      instances,
      'scheduleInstanceName',
      async (call) => (await answers()).getInstance(context, kind, call),
      async (call) => (await answers()).listInstances(context, kind, call),
    ),
  ];
}

function requests(context: AuthorizationContext, kind: ScheduleKind): ResourceType {
  const type = typesOf[kind].requests;
  const many = `/{scope}/providers/${namespace}/${type}`;
  const one = `${many}/{scheduleRequestName}`;
  const may = (verb: string) => `${namespace}/${type}/${verb}`;
  const asked: Pick<Operation, 'mayWithout' | 'linked' | 'attributes'> = {
    mayWithout: async (call) => (await answers()).isSelfRequest(kind, call),
    linked: async (call) => (await answers()).linkedOfRequest(kind, call),
    attributes: async (call) => (await answers()).attributesOfRequest(context, kind, call),
  };
  const own = async (call: Call) => (await answers()).isOwnRequest(context, call);
  const operations: readonly Operation[] = [
    {
      method: 'PUT',
      path: one,
      permission: may('write'),
      ...asked,
      handle: async (call) => (await answers()).putRequest(context, kind, call),
    },
    {
      method: 'GET',
      path: one,
      permission: may('read'),
      mayWithout: own,
      handle: async (call) => (await answers()).getRequest(context, call),
    },
    {
      method: 'GET',
      path: many,
      permission: may('read'),
      mayWithout: async (call) => (await answers()).isOwnRequests(call),
      handle: async (call) => (await answers()).listRequests(context, kind, call),
    },
    {
      method: 'POST',
      path: `${one}/cancel`,
      permission: may('cancel/action'),
      bodiless: true,
      mayWithout: own,
      linked: async (call) => (await answers()).linkedOfCancel(context, call),
      handle: async (call) => (await answers()).cancelRequest(context, call),
    },
    {
      method: 'POST',
      path: `${one}/validate`,
      permission: may('validate/action'),
      ...asked,
      handle: async (call) => (await answers()).validateRequest(context, kind, call),
    },
  ];
  return { type, apiVersions, regional: false, operations };
}

function readable(type: string, parameter: string, get: Operation['handle'], list: Operation['handle']): ResourceType {
  const many = `/{scope}/providers/${namespace}/${type}`;
  const permission = `${namespace}/${type}/read`;
  const mayWithout = async (call: Call) => (await answers()).isOwnSchedules(call);
  return {
    type,
    apiVersions,
    regional: false,
    operations: [
      { method: 'GET', path: `${many}/{${parameter}}`, permission, handle: get },
      { method: 'GET', path: many, permission, mayWithout, handle: list },
    ],
  };
}

function approvals(context: AuthorizationContext): ResourceType {
  const one = `/{scope}/providers/${namespace}/roleAssignmentApprovals/{approvalId}`;
  const stage = `${one}/stages/{stageId}`;
  const get = async (call: Call) => (await answers()).getApproval(context, call);
  // An approver needs no role; who may assign roles needs them at the request's scope, and not at the path's, which is the tenant.
  const named = async (call: Call) => {
    const { findApproval, isApprover, mayAssign } = await answers();
    const found = await findApproval(context, call);
    if (isRefusal(found) || isApprover(context, found.review, call.caller)) return true;
    return found.request.requestorId === call.caller.objectId || mayAssign(context, found.request, call);
  };
  const read = `${namespace}/roleAssignmentApprovals/read`;
  const operations: readonly Operation[] = [
    { method: 'GET', path: one, permission: read, mayWithout: named, handle: get },
    { method: 'GET', path: stage, permission: read, mayWithout: named, handle: get },
    {
      method: 'PATCH',
      path: stage,
      permission: `${namespace}/roleAssignmentApprovals/stages/write`,
      mayWithout: async () => true,
      handle: async (call) => (await answers()).reviewStage(context, call),
    },
  ];
  return { type: 'roleAssignmentApprovals', apiVersions: ['2021-01-01-preview'], regional: false, operations };
}
