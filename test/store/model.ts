import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.ts';
import { type Change, type DocumentKey, documentKey, type Store, type Write } from '../../src/core/ports/store.ts';

type Model = ReadonlyMap<DocumentKey, JsonObject>;

const segment = fc.constantFrom('a', 'a1', 'a10', 'b', 'b-', 'é');
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => documentKey(`/${parts.join('/')}`));
const body = fc.nat(9).map((n) => ({ n }));
const when = fc.constantFrom(undefined, { exists: true } as const, { absent: true } as const);
type DocumentWrite = Exclude<Write, { readonly append: string }>;
const write: fc.Arbitrary<DocumentWrite> = fc.oneof(
  fc.record({ put: path, body, when }).map(({ when, ...rest }) => ({ ...rest, ...(when && { when }) })),
  fc.record({ remove: path, when }).map(({ when, ...rest }) => ({ ...rest, ...(when && { when }) })),
  fc.record({ removeTree: path }),
);

/** Holds a store against a map: the same transactions, the same documents, the same conflicts; watchers replay to the same. */
export async function storeModel(
  withStore: (work: (store: Store) => Promise<void>) => Promise<void>,
  runs = 40,
): Promise<void> {
  const transactions = fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(transactions, path, (list, prefix) => withStore((store) => replay(store, list, prefix))),
    { numRuns: runs },
  );
}

async function replay(
  store: Store,
  transactions: readonly (readonly DocumentWrite[])[],
  prefix: DocumentKey,
): Promise<void> {
  let model: Model = new Map();
  const watched = new Map<DocumentKey, JsonObject>();
  store.watch((changes) => {
    for (const change of changes) follow(watched, change);
  });
  for (const writes of transactions) {
    const outcome = await store.transact(writes);
    const expected = apply(model, writes);
    assert.equal('conflict' in outcome ? outcome.conflict : undefined, expected.conflict);
    model = expected.model;
  }
  assert.deepEqual(await contents(store, documentKey('')), sorted(model));
  assert.deepEqual(sorted(watched), sorted(model));
  const below = new Map([...model].filter(([key]) => key.startsWith(`${prefix}/`)));
  assert.deepEqual(await contents(store, prefix), sorted(below));
}

function follow(watched: Map<DocumentKey, JsonObject>, change: Change): void {
  assert.deepEqual(change.before?.body, watched.get(change.key));
  if (change.after === undefined) watched.delete(change.key);
  else watched.set(change.key, change.after.body);
}

function apply(
  model: Model,
  writes: readonly DocumentWrite[],
): { readonly model: Model; readonly conflict?: DocumentKey } {
  const next = new Map(model);
  for (const write of writes) {
    if ('removeTree' in write) {
      for (const key of next.keys()) {
        if (key === write.removeTree || key.startsWith(`${write.removeTree}/`)) next.delete(key);
      }
      continue;
    }
    const key = 'put' in write ? write.put : write.remove;
    const { when } = write;
    if (when !== undefined && next.has(key) !== 'exists' in when) return { model, conflict: key };
    if ('put' in write) next.set(key, write.body);
    else next.delete(key);
  }
  return { model: next };
}

async function contents(store: Store, prefix: DocumentKey): Promise<readonly (readonly [string, JsonObject])[]> {
  return (await store.list(prefix)).map(({ key, body }) => [key, body]);
}

function sorted(model: Model): readonly (readonly [string, JsonObject])[] {
  return [...model].toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
