import { concealRefusal } from '../../../../core/conceal.ts';
import type { Json, JsonObject } from '../../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { foldId } from '../../../../core/resource-id.ts';
import { planLeaving } from '../../../../core/stacks/leaving.ts';
import { type ManagedResource, managedResources } from '../../../../core/stacks/managed-resource.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { deploymentKey, propertiesOf as deploymentProperties, showError } from '../deployments/deployment-document.ts';
import type { DeploymentParts } from '../deployments/surroundings.ts';
import type { ActiveStacks, DeployingStack } from './active-stacks.ts';
import { denyManaged } from './deny-managed.ts';
import { deploymentVersion } from './deploy-as-stack.ts';
import { madeResources } from './made-resources.ts';
import { enterState, findStack, propertiesOf, stackKey } from './stack-document.ts';
import { deletionFailed, deploymentFailed, interrupted } from './stack-errors.ts';
import { type Deletions, deleteUnmanaged } from './unmanage.ts';

/**
 * The work of a stack: deploys its template, makes its deny assignments those of what it now manages, then deletes or detaches what
 * left it. One that an earlier process began ends as failed.
 */
export async function performStack(
  context: ProviderContext,
  parts: DeploymentParts,
  stacks: ActiveStacks,
  input: JsonObject,
): Promise<Refusal | Json | undefined> {
  const stackId = String(input['stackId']);
  const run = stacks.get(stackKey(stackId));
  if (run === undefined || run.runId !== input['runId'] || !('request' in run)) {
    return failStack(context, stackId, interrupted(stackId));
  }
  try {
    return await deploy(context, parts, run);
  } catch (error) {
    await failStack(context, stackId, refuse('InternalServerError', `The deployment stack '${stackId}' failed.`));
    throw error;
  } finally {
    stacks.delete(stackKey(stackId));
  }
}

/** A stack that failed, with what else is known of it. */
export async function failStack(
  context: ProviderContext,
  stackId: string,
  refusal: Refusal,
  more: JsonObject = {},
): Promise<Refusal> {
  await enterState(context, stackId, 'failed', { ...more, error: showError(refusal) });
  return refusal;
}

async function deploy(context: ProviderContext, parts: DeploymentParts, run: DeployingStack) {
  const { store, clock } = context;
  const { request, behalf, deploymentId, deployment } = run;
  const inner = parts.inner();
  await enterState(context, request.id, 'deploying');
  const stored = await findStack(store, request.id);
  const before = managedResources(stored === undefined ? {} : propertiesOf(stored.body));
  const answer = await inner.ask(behalf, {
    method: 'PUT',
    path: deploymentId,
    apiVersion: deploymentVersion,
    body: deployment,
  });
  const made = await madeResources(store, deploymentId);
  if (isRefusal(answer)) {
    const refusal = deploymentFailed(behalf.correlationId, concealRefusal(answer, behalf.secrets ?? new Set()));
    return failStack(context, request.id, refusal, { resources: show(withNew(before, made)) });
  }
  await enterState(context, request.id, 'updatingDenyAssignments');
  const beforeIds = before.map(({ id }) => id);
  const { resources, writes } = await denyManaged(store, run, { ids: made, before: beforeIds, now: clock.now() });
  await store.transact(writes);
  const leaving = planLeaving(beforeIds, made, request.actionOnUnmanage);
  if (leaving.deleted.length > 0) await enterState(context, request.id, 'deletingResources');
  const deletions = await deleteUnmanaged(inner, behalf, leaving.deleted, request.actionOnUnmanage);
  const { failed, detached } = deletions;
  const changes = {
    resources: show([...resources, ...notDeleted(failed)]),
    ...tell(deletions, [...leaving.detached, ...detached]),
    outputs: (await outputsOf(context, deploymentId)) ?? {},
  };
  if (failed.length > 0) {
    return failStack(context, request.id, deletionFailed(behalf.correlationId, failed), changes);
  }
  await enterState(context, request.id, 'succeeded', { ...changes, error: undefined });
  return undefined;
}

/** What a failed deployment has made is the stack's too: it is what the next one lets go of, if it is not in its template. */
function withNew(before: readonly ManagedResource[], made: readonly string[]): readonly ManagedResource[] {
  const known = new Set(before.map(({ id }) => foldId(id)));
  const added = made.filter((id) => !known.has(foldId(id)));
  return [...before, ...added.map((id) => ({ id, status: 'managed', denyStatus: 'none' }) as const)];
}

/** What could not be deleted stays the stack's, which tries again. */
export function notDeleted(failed: Deletions['failed']): readonly ManagedResource[] {
  return failed.map(({ id }) => ({ id, status: 'deleteFailed', denyStatus: 'none' }) as const);
}

/** Managed resources as a stack keeps and shows them. */
export function show(resources: readonly ManagedResource[]): Json {
  return resources.map(({ id, status, denyStatus }) => ({ id, status, denyStatus }));
}

/** What a stack tells of what has left it. */
export function tell({ deleted, failed }: Deletions, detached: readonly string[]): JsonObject {
  return {
    deletedResources: deleted.map((id) => ({ id })),
    detachedResources: detached.map((id) => ({ id })),
    failedResources: failed.map(({ id, refusal }) => ({ id, error: showError(refusal) })),
  };
}

async function outputsOf({ store }: ProviderContext, deploymentId: string): Promise<Json | undefined> {
  const found = await store.get(deploymentKey(deploymentId));
  return found === undefined ? undefined : deploymentProperties(found.body)['outputs'];
}
