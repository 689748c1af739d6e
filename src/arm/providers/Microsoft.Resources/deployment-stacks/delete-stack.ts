import type { Json, JsonObject } from '../../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { parseUnmanageQuery } from '../../../../core/stacks/action-on-unmanage.ts';
import { planLeaving } from '../../../../core/stacks/leaving.ts';
import { managedResources } from '../../../../core/stacks/managed-resource.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import type { DeploymentParts } from '../deployments/surroundings.ts';
import type { ActiveStacks, DeletingStack } from './active-stacks.ts';
import { liftDenials } from './deny-managed.ts';
import { behalfOf } from './deploy-as-stack.ts';
import { failInterrupted, failStack } from './fail-stack.ts';
import { stillActive } from './put-stack.ts';
import { notDeleted, show, tell } from './show-resources.ts';
import { enterState, findStack, formatBegan, propertiesOf, stackKey } from './stack-document.ts';
import { deletionFailed } from './stack-errors.ts';
import { deleteUnmanaged } from './unmanage.ts';

/** Begins to delete a stack: a long-running operation. 204 when there is none. Refuses `DeploymentStackInNonTerminalState`. */
export async function deleteStack(
  context: ProviderContext,
  stacks: ActiveStacks,
  call: Call,
): Promise<Answer | Refusal> {
  const action = parseUnmanageQuery(call.query);
  if (isRefusal(action)) return action;
  const key = stackKey(call.resourceId);
  const found = await context.store.get(key);
  if (found === undefined) return { status: 204 };
  if (stacks.has(key)) return stillActive(String(found.body['name']));
  const stackId = String(found.body['id']);
  const runId = context.random.uuid();
  stacks.set(key, { runId, behalf: behalfOf({ ...call, resourceId: stackId }), action });
  await enterState(context, stackId, 'deleting', { began: formatBegan(call.now), error: undefined });
  return { status: 202, work: 'deleteStack', input: { stackId, runId } };
}

/** The work of a deletion: takes the denials off, deletes or detaches what the stack has, and forgets it once nothing is left. */
export async function performDeletion(
  context: ProviderContext,
  parts: DeploymentParts,
  stacks: ActiveStacks,
  input: JsonObject,
): Promise<Refusal | Json | undefined> {
  const stackId = String(input['stackId']);
  const run = stacks.get(stackKey(stackId));
  if (run === undefined || run.runId !== input['runId'] || !('action' in run)) {
    const found = await findStack(context.store, stackId);
    return found === undefined ? undefined : failInterrupted(context, stackId);
  }
  try {
    return await takeApart(context, parts, run, stackId);
  } catch (error) {
    const failure = refuse('InternalServerError', `The deployment stack '${stackId}' could not be deleted.`);
    await failStack(context, stackId, failure);
    throw error;
  } finally {
    stacks.delete(stackKey(stackId));
  }
}

async function takeApart(
  context: ProviderContext,
  parts: DeploymentParts,
  { behalf, action }: DeletingStack,
  stackId: string,
): Promise<Refusal | undefined> {
  const { store } = context;
  const stored = await findStack(store, stackId);
  if (stored === undefined) return undefined;
  const ids = managedResources(propertiesOf(stored.body)).map(({ id }) => id);
  await store.transact(liftDenials(stackId, ids));
  const leaving = planLeaving(ids, [], action);
  const deletions = await deleteUnmanaged(parts.inner(), behalf, leaving.deleted, action);
  const { failed, detached } = deletions;
  if (failed.length > 0) {
    return failStack(context, stackId, deletionFailed(behalf.correlationId, failed), {
      resources: show(notDeleted(failed)),
      ...tell(deletions, [...leaving.detached, ...detached]),
    });
  }
  await store.transact([{ removeTree: stackKey(stackId) }]);
  return undefined;
}
