import { conceal } from '../../../../core/conceal.ts';
import type { JsonObject } from '../../../../core/json.ts';
import type { Directory } from '../../../../core/ports/directory.ts';
import type { Document } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { formatActionOnUnmanage } from '../../../../core/stacks/action-on-unmanage.ts';
import type { ExcludedPrincipal } from '../../../../core/stacks/deny-assignment.ts';
import { formatDenySettings } from '../../../../core/stacks/deny-settings.ts';
import { stampSystemData } from '../../../../core/system-data.ts';
import type { Answer, Call, LongRunning, ProviderContext } from '../../../provider-contract.ts';
import { describe } from '../deployments/new-deployment.ts';
import { type PreparedDeployment, prepare } from '../deployments/prepare.ts';
import type { DeploymentParts } from '../deployments/surroundings.ts';
import type { ActiveStacks } from './active-stacks.ts';
import { deploymentCall, deploymentIdOf } from './deploy-as-stack.ts';
import { formatBegan, inState, propertiesOf, showStack, stackKey, stackType, templateKey } from './stack-document.ts';
import { parseStackRequest, type StackRequest } from './stack-request.ts';

/**
 * Begins to deploy a stack: a long-running operation. Refuses `DeploymentStackInNonTerminalState`, `PrincipalNotFound`, and what
 * the stack's body or its template is refused for.
 */
export async function putStack(
  context: ProviderContext,
  parts: DeploymentParts,
  stacks: ActiveStacks,
  call: Call,
): Promise<Answer | Refusal> {
  const key = stackKey(call.resourceId);
  const request = parseStackRequest(call);
  if (isRefusal(request)) return request;
  const excluded = findExcluded(context.directory, request);
  if (isRefusal(excluded)) return excluded;
  const deploymentId = deploymentIdOf(request, call.now, context.random);
  const prepared = await prepare(context, parts, deploymentCall(call, request, deploymentId));
  if (isRefusal(prepared)) return prepared;
  if (stacks.has(key)) return stillActive(request.name);
  const runId = context.random.uuid();
  const { behalf } = prepared;
  stacks.set(key, { runId, behalf, request, excluded, deploymentId, deployment: request.deployment });
  const begun = await begin(context, { request, prepared, deploymentId, runId }, call).catch((error: unknown) => {
    stacks.delete(key);
    throw error;
  });
  if (isRefusal(begun)) stacks.delete(key);
  return begun;
}

/** The principals that denials leave out, with their types. Refuses `PrincipalNotFound`. */
export function findExcluded(
  directory: Pick<Directory, 'principalType' | 'tenant'>,
  { denySettings }: StackRequest,
): readonly ExcludedPrincipal[] | Refusal {
  const found: ExcludedPrincipal[] = [];
  for (const id of denySettings.excludedPrincipals) {
    const type = directory.principalType(id);
    if (type === undefined) {
      const { tenantId } = directory.tenant;
      return refuse(
        'PrincipalNotFound',
        `The principal '${id}' of 'denySettings.excludedPrincipals' does not exist in the directory '${tenantId}'. Use the object id of a user, group or service principal.`,
      );
    }
    found.push({ id, type });
  }
  return found;
}

/** Code and text are not confirmed: no document that shows them was found. */
export function stillActive(name: string): Refusal {
  return refuse(
    'DeploymentStackInNonTerminalState',
    `The deployment stack '${name}' is in a non-terminal state: an earlier operation on it goes on. Wait for its end.`,
  );
}

interface NewStack {
  readonly runId: string;
  readonly request: StackRequest;
  readonly prepared: PreparedDeployment;
  readonly deploymentId: string;
}

/** Writes the stack over the one of its name, whose resources are still its own. */
async function begin({ store }: ProviderContext, stack: NewStack, call: Call): Promise<LongRunning | Refusal> {
  const { request, prepared, runId } = stack;
  const { id } = request;
  const before = await store.get(stackKey(id));
  const body = newStack(stack, before, call);
  const template = conceal(prepared.request.template, prepared.behalf.secrets ?? new Set());
  const committed = await store.transact([
    { put: stackKey(id), body, when: before === undefined ? { absent: true } : { etag: before.etag } },
    { put: templateKey(id), body: { template } },
  ]);
  if ('conflict' in committed) {
    return refuse('Conflict', `Another request changed the stack '${id}' at the same time. Send the request again.`);
  }
  const input = { stackId: id, runId };
  return { status: before === undefined ? 201 : 200, body: showStack(body), work: 'deployStack', input };
}

/** A stack that begins, as it is stored. @see Microsoft.Resources deploymentStacks swagger 2024-03-01, DeploymentStack */
function newStack({ request, prepared, deploymentId }: NewStack, before: Document | undefined, call: Call): JsonObject {
  const { id, name, location, tags, description, validationLevel, deploymentScope, scope } = request;
  const { resources = [] } = before === undefined ? {} : propertiesOf(before.body);
  const body = {
    id,
    name,
    type: stackType,
    ...(location === undefined ? {} : { location }),
    tags: tags ?? {},
    systemData: stampSystemData(before?.body['systemData'], call.caller, call.now),
    properties: {
      actionOnUnmanage: formatActionOnUnmanage(request.actionOnUnmanage),
      denySettings: formatDenySettings(request.denySettings),
      ...(deploymentScope.id === scope.id ? {} : { deploymentScope: deploymentScope.id }),
      ...(description === undefined ? {} : { description }),
      ...(validationLevel === undefined ? {} : { validationLevel }),
      parameters: describe(prepared)['parameters'] ?? {},
      correlationId: call.correlationId,
      deploymentId,
      resources,
      deletedResources: [],
      detachedResources: [],
      failedResources: [],
      began: formatBegan(call.now),
    },
  };
  return inState(body, 'initializing', call.now);
}
