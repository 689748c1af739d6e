import { endIdentity } from '../../../core/identity/change-identity.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { isLockKey, parseLock } from '../../../core/locks/lock.ts';
import { refuseLocked } from '../../../core/locks/lock-table.ts';
import type { Directory } from '../../../core/ports/directory.ts';
import { type Document, documentKey, type Write } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { formatType, parseResourceId } from '../../../core/resource-id.ts';
import type { Provider, ProviderContext, Teardown, Work } from '../../provider-contract.ts';
import { withState } from './group.ts';

/**
 * Deletes a group with everything in it: each provider ends its resources (a machine stops), then the documents go, with
 * the identities that end with them and the role assignments at and below the group, in one transaction. Idempotent. When a
 * resource cannot be ended the group takes writes again and the operation fails with that reason.
 */
export function deleteGroupWork({ store, directory }: ProviderContext, providers: () => readonly Provider[]): Work {
  return async (input: JsonObject): Promise<Refusal | Json | undefined> => {
    const group = await store.get(documentKey(String(input['groupId'])));
    if (group === undefined) return undefined;
    const below = await store.list(group.key);
    const ends = refuseWhenLocked(group, below) ?? (await tearDown(directory, below, teardowns(providers())));
    if (isRefusal(ends)) {
      await store.transact([{ put: group.key, body: withState(group.body, 'Succeeded') }]);
      return ends;
    }
    const done = await store.transact([...ends, { removeTree: group.key }]);
    return 'conflict' in done
      ? refuse('Conflict', `The deletion was overtaken by a change of '${done.conflict}'. Try again.`)
      : undefined;
  };
}

/** A lock that was made between the request and its work holds, too: nothing has gone yet. */
function refuseWhenLocked({ body }: Document, below: readonly Document[]): Refusal | undefined {
  const locks = below.flatMap(({ key, body: lock }) => (isLockKey(key) ? (parseLock(lock) ?? []) : []));
  return locks.length === 0 ? undefined : refuseLocked('delete', String(body['id']), locks);
}

function teardowns(providers: readonly Provider[]): ReadonlyMap<string, Teardown> {
  const all = providers.flatMap((provider) => Object.entries(provider.teardown ?? {}));
  return new Map(all.map(([type, teardown]) => [type.toLowerCase(), teardown]));
}

/** Ends the resources, the deepest first, so that no child outlives its parent. */
async function tearDown(
  directory: Directory,
  documents: readonly Document[],
  byType: ReadonlyMap<string, Teardown>,
): Promise<readonly Write[] | Refusal> {
  const deepestFirst = documents.toSorted((a, b) => b.key.split('/').length - a.key.split('/').length);
  const writes: Write[] = [];
  for (const { key, body } of deepestFirst) {
    const id = typeof body['id'] === 'string' ? body['id'] : key;
    const provider = parseResourceId(id)?.provider;
    const teardown = provider === undefined ? undefined : byType.get(formatType(provider).toLowerCase());
    const ended = teardown === undefined ? endIdentity(directory, body) : await teardown(id);
    if (isRefusal(ended)) return ended;
    writes.push(...ended);
  }
  return writes;
}
