import type { JsonObject } from '../../core/json.ts';
import type { DocumentKey, Store, Write } from '../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { refuseMissing } from './ask.ts';
import { refuseSize } from './size.ts';

/** How a kind of object is kept. */
export interface Form<Item> {
  key(objectId: string): DocumentKey;
  parse(document: JsonObject): Item;
  format(item: Item): JsonObject;
}

/**
 * Changes a stored object on top of whatever else is changed at the same time: a lost race is run again. `more` are writes
 * of the same transaction. Refuses `Request_ResourceNotFound`, and what `change` refuses.
 */
export async function changeObject<Item extends object>(
  store: Store,
  { key, parse, format }: Form<Item>,
  objectId: string,
  change: (item: Item) => Item | Refusal,
  more: (changed: Item) => readonly Write[] = () => [],
): Promise<Item | Refusal> {
  for (;;) {
    const document = await store.get(key(objectId));
    if (document === undefined) return refuseMissing(objectId);
    const changed = change(parse(document.body));
    if (isRefusal(changed)) return changed;
    const refused = refuseSize(changed);
    if (refused !== undefined) return refused;
    const put = { put: document.key, body: format(changed), when: { etag: document.etag } };
    if (!('conflict' in (await store.transact([put, ...more(changed)])))) return changed;
  }
}
