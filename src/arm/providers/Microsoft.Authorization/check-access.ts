import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Decision } from '../../../core/rbac/decision.ts';
import { isGuid } from '../../../core/rbac/guid.ts';
import type { DenyAssignment, RoleAssignment } from '../../../core/rbac/role-assignment.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { isAtOrBelow, nameOf } from '../../../core/resource-id.ts';
import type { Answer, Call, ResourceType } from '../../provider-contract.ts';
import type { AuthorizationContext } from './authorization-context.ts';

/** How long an answer may be kept, as Azure says it. */
const timeToLiveMillis = 300_000;
const mostActions = 1000;

/**
 * checkAccess: what a principal may do at a resource, asked by a service that enforces it (Kubernetes clusters with Azure RBAC
 * do). Not among Azure's published specifications: the shapes are those of its client.
 * @see github.com/kubeguard/guard, authz/providers/azure/rbac/checkaccessreqhelper.go
 */
export function checkAccess({ authorizer }: AuthorizationContext): ResourceType {
  return {
    type: 'checkAccess',
    apiVersions: ['2018-09-01-preview'],
    regional: false,
    operations: [
      {
        method: 'POST',
        path: '/{scope}/providers/Microsoft.Authorization/checkAccess',
        permission: 'Microsoft.Authorization/checkAccess/read',
        // A question, although it is asked by POST.
        despiteLocks: true,
        whileDisabled: true,
        handle: async (call) => answer(authorizer, call),
      },
    ],
  };
}

interface Question {
  readonly principalId: string;
  readonly scope: string;
  readonly actions: readonly { readonly id: string; readonly isDataAction: boolean }[];
}

function answer(authorizer: AuthorizationContext['authorizer'], call: Call): Answer | Refusal {
  const question = parseQuestion(call);
  if (isRefusal(question)) return question;
  const { principalId, scope } = question;
  // Of the other principal's request nothing is known but when it is asked about.
  const facts = { now: call.now, callerUnknown: true } as const;
  const decisions = question.actions.map(({ id, isDataAction }) => {
    const plane = isDataAction ? 'data' : 'control';
    return formatDecision(id, isDataAction, authorizer.decide({ principalId, action: id, scope, plane, facts }));
  });
  return { status: 200, body: decisions };
}

/** Which groups the principal is in is the directory's to say: `Groups` of the request is not asked. */
function parseQuestion({ body, params }: Call): Question | Refusal {
  const principalId = within(within(within(body, 'Subject'), 'Attributes'), 'ObjectId');
  if (typeof principalId !== 'string' || !isGuid(principalId)) {
    return refuse('InvalidRequestContent', "'Subject.Attributes.ObjectId' must be the object id of a principal.");
  }
  const asked = params['scope'] ?? '/';
  const scope = within(within(body, 'Resource'), 'Id') ?? asked;
  if (typeof scope !== 'string' || !isAtOrBelow(scope, asked)) {
    return refuse('InvalidRequestContent', `'Resource.Id' must be a resource at or below '${asked}'.`);
  }
  const actions = parseActions(within(body, 'Actions'));
  return isRefusal(actions) ? actions : { principalId, scope, actions };
}

function parseActions(value: Json | undefined): Question['actions'] | Refusal {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostActions) {
    return refuse('InvalidRequestContent', `'Actions' must be a list of 1 to ${mostActions} actions.`);
  }
  const actions = (value as readonly Json[]).map((one) => ({
    id: within(one, 'Id'),
    isDataAction: within(one, 'IsDataAction') === true,
  }));
  const isAction = (one: (typeof actions)[number]): one is Question['actions'][number] =>
    typeof one.id === 'string' && /^[^/*\s]+(\/[^/*\s]+)+$/.test(one.id);
  if (actions.every(isAction)) return actions;
  return refuse(
    'InvalidRequestContent',
    "'Actions' must have an 'Id' each, like Microsoft.Compute/virtualMachines/read.",
  );
}

function formatDecision(actionId: string, isDataAction: boolean, decision: Decision): JsonObject {
  const { allowed, deny } = decision;
  const because = allowed ? decision.because : undefined;
  return {
    actionId,
    isDataAction,
    accessDecision: allowed ? 'Allowed' : deny === undefined ? 'NotAllowed' : 'Denied',
    roleAssignment: because?.kind === 'allowedBy' ? formatGrant(because.grant.assignment) : null,
    denyAssignment: deny === undefined ? null : formatDeny(deny),
    timeToLiveInMs: timeToLiveMillis,
  };
}

function formatGrant(assignment: RoleAssignment): JsonObject {
  const { id, roleDefinitionId, principalId, principalType, scope, condition = null } = assignment;
  return {
    id: nameOf(id),
    roleDefinitionId,
    principalId,
    principalType,
    scope,
    condition,
    conditionVersion: condition === null ? null : '2.0',
    canDelegate: false,
  };
}

function formatDeny({ id, name, scope, doNotApplyToChildScopes }: DenyAssignment): JsonObject {
  return { id: nameOf(id), name, scope, doNotApplyToChildScopes };
}

/** A property, named without regard to case as the clients write it both ways. */
function within(value: Json | undefined, name: string): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  const key = Object.keys(value).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : value[key];
}
