import { judgeConditions } from '../../core/conditions.ts';
import { endIdentity } from '../../core/identity/change-identity.ts';
import { documentKey } from '../../core/ports/store.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../provider-contract.ts';
import { changedMeanwhile } from './generic-refusals.ts';

/** Deletes a resource with what lies below it, and the principals of all of them, at once. 204 when there is none. */
export async function deleteResource({ store, directory }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const found = await store.get(documentKey(call.resourceId));
  const unmet = judgeConditions(call, found);
  if (unmet !== undefined) return unmet;
  if (found === undefined) return { status: 204 };
  const below = await store.list(found.key);
  const ended = [found, ...below].flatMap(({ body }) => endIdentity(directory, body));
  const committed = await store.transact([
    { remove: found.key, when: { etag: found.etag } },
    { removeTree: found.key },
    ...ended,
  ]);
  return 'conflict' in committed ? changedMeanwhile(call.resourceId) : { status: 200 };
}
