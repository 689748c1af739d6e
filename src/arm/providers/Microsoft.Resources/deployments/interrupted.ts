import type { Document } from '../../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import type { ActiveRuns } from './active-runs.ts';
import { deploymentKey, hasEnded, inState, showError } from './deployment-document.ts';

/**
 * Ends a deployment that an earlier process began: neither its template's secure parameters nor its caller are known any more. What
 * it comes to is the refusal.
 */
export async function failInterrupted({ store, clock }: ProviderContext, deploymentId: string): Promise<Refusal> {
  const refusal = refuse(
    'DeploymentFailed',
    `The deployment '${deploymentId}' was under way when Postern ended, and was not taken up again. What it had made is there: deploy once more.`,
    { target: deploymentId },
  );
  const found = await store.get(deploymentKey(deploymentId));
  if (found === undefined || hasEnded(found.body)) return refusal;
  const body = inState(found.body, 'Failed', clock.now(), { error: showError(refusal) });
  await store.transact([{ put: found.key, body, when: { etag: found.etag } }]);
  return refusal;
}

/** A deployment as it is: one that has not ended and that nothing here makes has been interrupted, perhaps before its work was stored. */
export async function asItIs(context: ProviderContext, runs: ActiveRuns, found: Document): Promise<Document> {
  if (hasEnded(found.body) || runs.has(found.key)) return found;
  await failInterrupted(context, String(found.body['id']));
  return (await context.store.get(found.key)) ?? found;
}
