import { concealRefusal } from '../../../../core/conceal.ts';
import type { Json, JsonObject } from '../../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { planLeaving } from '../../../../core/stacks/leaving.ts';
import { managedResources } from '../../../../core/stacks/managed-resource.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { deploymentKey, propertiesOf as deploymentProperties } from '../deployments/deployment-document.ts';
import type { DeploymentParts } from '../deployments/surroundings.ts';
import type { ActiveStacks, DeployingStack } from './active-stacks.ts';
import { denyManaged } from './deny-managed.ts';
import { deploymentVersion } from './deploy-as-stack.ts';
import { failInterrupted, failStack } from './fail-stack.ts';
import { madeResources } from './made-resources.ts';
import { left, notDeleted, show, tell, withNew } from './show-resources.ts';
import { enterState, findStack, propertiesOf, stackKey } from './stack-document.ts';
import { deletionFailed, deploymentFailed } from './stack-errors.ts';
import { deleteUnmanaged } from './unmanage.ts';

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
    return failInterrupted(context, stackId);
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
  const leaving = planLeaving(beforeIds, made, request.actionOnUnmanage);
  const next = leaving.deleted.length > 0 ? 'deletingResources' : 'updatingDenyAssignments';
  await enterState(context, request.id, next, { resources: show([...resources, ...left(before, made)]) }, writes);
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

async function outputsOf({ store }: ProviderContext, deploymentId: string): Promise<Json | undefined> {
  const found = await store.get(deploymentKey(deploymentId));
  return found === undefined ? undefined : deploymentProperties(found.body)['outputs'];
}
