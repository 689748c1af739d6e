import { documentKey } from '../../../../core/ports/store.ts';
import { isRefusal } from '../../../../core/refusal.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { stateOf } from '../machine-document.ts';
import type { Unreconciled } from '../unreconciled.ts';
import { setType, uniqueIdOf } from './set-document.ts';

/** Finishes the changes of sets that an earlier Postern had begun: for the host's start. Answers the failures. */
export async function reconcileSets(context: ProviderContext): Promise<readonly Unreconciled[]> {
  const failed: Unreconciled[] = [];
  for (const { body } of await context.store.list(documentKey('/subscriptions'), { type: setType.toLowerCase() })) {
    const resourceId = String(body['id']);
    const state = stateOf(body);
    if (state === 'Succeeded' || state === 'Failed') continue;
    const { convergeSet, removeSet } = await import('./operations.ts');
    const finish = state === 'Deleting' ? removeSet : convergeSet;
    const refusal = await finish(context, resourceId, uniqueIdOf(body));
    if (isRefusal(refusal)) failed.push({ resourceId, refusal });
  }
  return failed;
}
