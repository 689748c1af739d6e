import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import {
  type Change,
  type DocumentKey,
  documentKey,
  type Selection,
  type Store,
  type StoredEvent,
} from '../../src/core/ports/store.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { storeModel } from './model.ts';

/** Opens a store that keeps everything at `place`, a directory. Opening the same place again shows what was kept. */
export type OpenStore = (place: string) => Store;

const key = documentKey;
const at = (time: number): EpochMillis => time as EpochMillis;

/** What every implementation of the store port must do. */
export function storeConformance(name: string, open: OpenStore): void {
  const withStore = (work: (store: Store, place: string) => Promise<void>) => () => inPlace(open, work);

  describe(`${name}: preconditions`, () => {
    it(
      'creates only what is absent',
      withStore(async (store) => {
        const first = await store.transact([{ put: key('/a'), body: { n: 1 }, when: { absent: true } }]);
        const second = await store.transact([{ put: key('/a'), body: { n: 2 }, when: { absent: true } }]);
        assert.ok('revision' in first);
        assert.deepEqual(second, { conflict: '/a' });
        assert.deepEqual((await store.get(key('/a')))?.body, { n: 1 });
      }),
    );

    it(
      'replaces and removes only what exists',
      withStore(async (store) => {
        const when = { exists: true } as const;
        assert.deepEqual(await store.transact([{ put: key('/a'), body: {}, when }]), { conflict: '/a' });
        assert.deepEqual(await store.transact([{ remove: key('/a'), when }]), { conflict: '/a' });
        await store.transact([{ put: key('/a'), body: {} }]);
        assert.ok('revision' in (await store.transact([{ put: key('/a'), body: { n: 2 }, when }])));
        assert.ok('revision' in (await store.transact([{ remove: key('/a'), when }])));
        assert.equal(await store.get(key('/a')), undefined);
      }),
    );

    it(
      'replaces only the version that the etag names',
      withStore(async (store) => {
        const first = await etagAfter(store, { n: 1 });
        const second = await etagAfter(store, { n: 1 });
        assert.notEqual(first, second, 'an equal body is a new version all the same');
        const lost = await store.transact([{ put: key('/a'), body: { n: 3 }, when: { etag: first } }]);
        const kept = await store.transact([{ put: key('/a'), body: { n: 3 }, when: { etag: second } }]);
        assert.deepEqual(lost, { conflict: '/a' });
        assert.ok('revision' in kept);
        assert.deepEqual(await store.transact([{ remove: key('/a'), when: { etag: second } }]), { conflict: '/a' });
      }),
    );

    it(
      'never gives a removed version its etag back',
      withStore(async (store) => {
        const first = await etagAfter(store, { n: 1 });
        await store.transact([{ remove: key('/a') }]);
        assert.deepEqual(await store.transact([{ put: key('/a'), body: {}, when: { etag: first } }]), {
          conflict: '/a',
        });
        assert.notEqual(await etagAfter(store, { n: 1 }), first);
      }),
    );

    it(
      'answers etags that a header can carry in quotes',
      withStore(async (store) => {
        assert.match(await etagAfter(store, {}), /^[\x21\x23-\x7e]+$/);
      }),
    );
  });

  describe(`${name}: transactions`, () => {
    it(
      'does all of the writes or none',
      withStore(async (store) => {
        await store.transact([{ put: key('/kept'), body: { n: 1 } }]);
        const outcome = await store.transact([
          { put: key('/a'), body: {} },
          { put: key('/kept'), body: { n: 2 } },
          { removeTree: key('/kept') },
          { remove: key('/missing'), when: { exists: true } },
        ]);
        assert.deepEqual(outcome, { conflict: '/missing' });
        assert.deepEqual(
          (await store.list(key(''))).map((document) => [document.key, document.body]),
          [['/kept', { n: 1 }]],
        );
      }),
    );

    it(
      'lets a write see those before it',
      withStore(async (store) => {
        const outcome = await store.transact([
          { put: key('/a'), body: { n: 1 }, when: { absent: true } },
          { put: key('/a'), body: { n: 2 }, when: { exists: true } },
          { put: key('/b'), body: {} },
          { remove: key('/b') },
        ]);
        assert.ok('revision' in outcome);
        assert.deepEqual([...outcome.etags], [['/a', (await store.get(key('/a')))?.etag]]);
      }),
    );

    it(
      'raises the revision with each change, and only then',
      withStore(async (store) => {
        const revisionOf = async (writes: Parameters<Store['transact']>[0]) => {
          const outcome = await store.transact(writes);
          assert.ok('revision' in outcome);
          return outcome.revision;
        };
        const first = await revisionOf([{ put: key('/a'), body: {} }]);
        const second = await revisionOf([{ put: key('/b'), body: {} }]);
        assert.ok(second > first);
        assert.equal(await revisionOf([{ remove: key('/missing') }]), second);
        assert.equal(await revisionOf([]), second);
        assert.equal((await store.get(key('/b')))?.revision, second);
      }),
    );

    it(
      'keeps its own copy of a body',
      withStore(async (store) => {
        const body = { tags: { a: '1' } };
        await store.transact([{ put: key('/a'), body }]);
        body.tags.a = '2';
        assert.deepEqual((await store.get(key('/a')))?.body, { tags: { a: '1' } });
      }),
    );

    it(
      'keeps a body of four megabytes as it is',
      withStore(async (store) => {
        const body = { text: 'é\u0000"\\\u2028😀'.repeat(400_000) };
        await store.transact([{ put: key('/a'), body }]);
        assert.deepEqual((await store.get(key('/a')))?.body, body);
      }),
    );
  });

  describe(`${name}: what lies below a key`, () => {
    const keys = ['/rg', '/rg1', '/rg1/vm', '/rg1/vm/x', '/rg1-a', '/rg1.a', '/rg10', '/rg10/vm', '/rg1_%/vm'];
    const fill = (store: Store) => store.transact(keys.map((path) => ({ put: key(path), body: {} })));
    const keysBelow = async (store: Store, prefix: string) => (await store.list(key(prefix))).map(({ key }) => key);

    it(
      'is found by whole segments, in key order, without the key itself',
      withStore(async (store) => {
        await fill(store);
        assert.deepEqual(await keysBelow(store, '/rg1'), ['/rg1/vm', '/rg1/vm/x']);
        assert.deepEqual(await keysBelow(store, '/rg'), []);
        assert.deepEqual(await keysBelow(store, '/rg1_%'), ['/rg1_%/vm'], 'no character is a wildcard');
        assert.deepEqual(await keysBelow(store, ''), keys.toSorted());
      }),
    );

    it(
      'is found in any letter case that a key was made from',
      withStore(async (store) => {
        await store.transact([{ put: key('/Subscriptions/S/resourceGroups/RG'), body: { name: 'RG' } }]);
        assert.deepEqual((await store.get(key('/subscriptions/s/RESOURCEGROUPS/rg/')))?.body, { name: 'RG' });
        assert.equal((await store.list(key('/SUBSCRIPTIONS/s'))).length, 1);
      }),
    );

    it(
      'is found by type, after a key, and at most so many at a time',
      withStore(async (store) => {
        const groups = '/subscriptions/s/resourceGroups';
        const machines = ['a', 'b', 'c'].map(
          (name) => `${groups}/g/providers/Microsoft.Compute/virtualMachines/${name}`,
        );
        const others = [
          `${groups}/g`,
          `${groups}/g/providers/Microsoft.Compute/virtualMachines/a/runCommands/r`,
          `${groups}/g/providers/Microsoft.Compute/disks/b`,
          `${groups}/g2/providers/Microsoft.Compute/virtualMachines/z`,
          '/directory/x',
        ];
        await store.transact([...machines, ...others].map((path) => ({ put: key(path), body: {} })));
        const type = 'microsoft.compute/virtualmachines';
        const list = async (prefix: string, selection: Selection) =>
          (await store.list(key(prefix), selection)).map((document) => document.key as string);
        const folded = machines.map((path) => path.toLowerCase());
        assert.deepEqual(await list(`${groups}/g`, { type }), folded);
        assert.deepEqual(await list(`${groups}/g`, { type, limit: 2 }), folded.slice(0, 2));
        assert.deepEqual(await list(`${groups}/g`, { type, limit: 2, after: key(machines[1] ?? '') }), folded.slice(2));
        assert.deepEqual(await list(`${groups}/g`, { type, limit: 2, after: key('/') }), folded.slice(0, 2));
        assert.deepEqual(await list(`${groups}/g`, { type, after: key(`${groups}/g2`) }), []);
        assert.equal((await list('', { type })).length, 4);
        assert.equal((await list('', { type: '' })).length, 0, 'what is no resource has no type');
        const ofGroups = { type: 'microsoft.resources/subscriptions/resourcegroups' };
        assert.deepEqual(await list('/subscriptions', ofGroups), [`${groups}/g`.toLowerCase()]);
      }),
    );

    it(
      'is read to any limit, also one beyond what clients are shown at once',
      withStore(async (store) => {
        const paths = Array.from({ length: 1_500 }, (_, at) => `/many/${String(at).padStart(4, '0')}`);
        await store.transact(paths.map((path, n) => ({ put: key(path), body: { n } })));
        for (const limit of [1_000, 1_001, 1_002, 1_499, 1_500, 1_501]) {
          const listed = await store.list(key('/many'), { limit });
          assert.deepEqual(
            listed.map((document) => document.key as string),
            paths.slice(0, limit),
          );
          assert.deepEqual(listed.at(-1)?.body, { n: listed.length - 1 });
        }
      }),
    );

    it(
      'is, after an undone transaction, what it was before',
      withStore(async (store) => {
        await store.transact([{ put: key('/a'), body: { n: 1 } }]);
        const writes = [
          { put: key('/a'), body: { n: 2 } },
          { remove: key('/b'), when: { exists: true } as const },
        ];
        assert.deepEqual(await store.transact(writes), { conflict: '/b' });
        assert.deepEqual((await store.get(key('/a')))?.body, { n: 1 });
        assert.deepEqual((await store.list(key(''), { limit: 1 }))[0]?.body, { n: 1 });
      }),
    );

    it(
      'goes with the tree, and nothing else does',
      withStore(async (store) => {
        await fill(store);
        await store.transact([{ removeTree: key('/rg1') }]);
        const gone = ['/rg1', '/rg1/vm', '/rg1/vm/x'];
        assert.deepEqual(await keysBelow(store, ''), keys.filter((path) => !gone.includes(path)).toSorted());
      }),
    );
  });

  describe(`${name}: watching`, () => {
    it(
      'hears of each transaction before it resolves, in order, with what was there before',
      withStore(async (store) => {
        const heard: [number, readonly Change[]][] = [];
        const stop = store.watch((changes, revision) => heard.push([revision, changes]));
        await store.transact([{ put: key('/a'), body: { n: 1 } }]);
        assert.equal(heard.length, 1);
        await Promise.all([
          store.transact([{ put: key('/a'), body: { n: 2 } }]),
          store.transact([{ put: key('/a/b'), body: {} }]),
          store.transact([{ removeTree: key('/a') }]),
        ]);
        stop();
        await store.transact([{ put: key('/after'), body: {} }]);
        const told = heard.map(([, changes]) =>
          changes.map(({ key, before, after }) => [key, before?.body, after?.body]),
        );
        assert.deepEqual(told, [
          [['/a', undefined, { n: 1 }]],
          [['/a', { n: 1 }, { n: 2 }]],
          [['/a/b', undefined, {}]],
          [
            ['/a', { n: 2 }, undefined],
            ['/a/b', {}, undefined],
          ],
        ]);
        const revisions = heard.map(([revision]) => revision);
        assert.deepEqual(
          revisions,
          revisions.toSorted((a, b) => a - b),
        );
      }),
    );

    it(
      'hears nothing of a conflict or of a write without effect',
      withStore(async (store) => {
        const heard: unknown[] = [];
        store.watch((changes) => heard.push(changes));
        await store.transact([
          { put: key('/a'), body: {} },
          { remove: key('/b'), when: { exists: true } },
        ]);
        await store.transact([{ remove: key('/b') }]);
        await store.transact([{ removeTree: key('/b') }]);
        assert.deepEqual(heard, []);
      }),
    );

    it(
      'keeps the order for every listener where one of them writes',
      withStore(async (store) => {
        const heard: string[] = [];
        const inner: Promise<unknown>[] = [];
        store.watch((changes) => {
          if (changes[0]?.key === '/a') inner.push(store.transact([{ put: key('/b'), body: {} }]));
        });
        store.watch((changes) => heard.push(...changes.map((change) => change.key)));
        await store.transact([{ put: key('/a'), body: {} }]);
        await Promise.all(inner);
        assert.deepEqual(heard, ['/a', '/b']);
      }),
    );

    it(
      'tells every listener even where one throws',
      withStore(async (store) => {
        const heard: unknown[] = [];
        store.watch(() => {
          throw new Error('a listener is broken');
        });
        store.watch((changes) => heard.push(changes));
        await assert.rejects(store.transact([{ put: key('/a'), body: {} }]), /a listener is broken/);
        assert.equal(heard.length, 1);
        assert.ok(await store.get(key('/a')), 'the write was committed');
      }),
    );
  });

  describe(`${name}: event streams`, () => {
    const event = (id: string, time: number): StoredEvent => ({ id, time: at(time), body: { id } });
    const all = { from: at(0), to: at(100), limit: 100 };
    const ids = (events: readonly StoredEvent[]) => events.map(({ id }) => id);

    it(
      'are read newest first, events of one millisecond in the order of appending',
      withStore(async (store) => {
        await store.append('s', [event('b', 2), event('c', 2)]);
        await store.append('s', [event('a', 1), event('d', 2)]);
        assert.deepEqual(ids(await store.query('s', all)), ['d', 'c', 'b', 'a']);
        assert.deepEqual((await store.query('s', all))[0]?.body, { id: 'd' });
      }),
    );

    it(
      'are read between two times, both inclusive',
      withStore(async (store) => {
        await store.append(
          's',
          [1, 2, 3, 4].map((time) => event(`${time}`, time)),
        );
        assert.deepEqual(ids(await store.query('s', { from: at(2), to: at(3), limit: 9 })), ['3', '2']);
        assert.deepEqual(ids(await store.query('s', { from: at(3), to: at(2), limit: 9 })), []);
      }),
    );

    it(
      'are read page by page, none twice and none left out, while more are appended',
      withStore(async (store) => {
        await store.append(
          's',
          [1, 1, 1, 2, 2].map((time, index) => event(`${index}`, time)),
        );
        const seen: string[] = [];
        let page = await store.query('s', { ...all, limit: 2 });
        while (page.length > 0) {
          seen.push(...ids(page));
          await store.append('s', [event(`new${seen.length}`, 50)]);
          const last = page.at(-1);
          assert.ok(last);
          page = await store.query('s', { ...all, limit: 2, before: last });
        }
        assert.deepEqual(seen, ['4', '3', '2', '1', '0']);
      }),
    );

    it(
      'are apart from each other',
      withStore(async (store) => {
        await store.append('s', [event('a', 1)]);
        await store.append('t', [event('a', 1)]);
        await store.forget('s', at(50));
        assert.deepEqual(ids(await store.query('s', all)), []);
        assert.deepEqual(ids(await store.query('t', all)), ['a']);
      }),
    );

    it(
      'refuse an id that the stream has, with all that was to be appended beside it',
      withStore(async (store) => {
        await store.append('s', [event('a', 1)]);
        await assert.rejects(store.append('s', [event('b', 2), event('a', 2)]));
        assert.deepEqual(ids(await store.query('s', all)), ['a']);
      }),
    );

    it(
      'are appended to by a transaction, with its documents or not at all',
      withStore(async (store) => {
        const key = documentKey('/a');
        await store.transact([
          { put: key, body: {} },
          { append: 's', events: [event('a', 1), event('b', 2)] },
          { append: 't', events: [event('a', 1)] },
        ]);
        assert.deepEqual(ids(await store.query('s', all)), ['b', 'a']);
        assert.deepEqual(ids(await store.query('t', all)), ['a']);
        const conflict = await store.transact([
          { append: 's', events: [event('c', 3)] },
          { put: key, body: {}, when: { absent: true } },
        ]);
        assert.deepEqual(conflict, { conflict: key });
        const taken = [{ remove: key }, { append: 's', events: [event('d', 4), event('a', 4)] }];
        await assert.rejects(store.transact(taken));
        assert.ok(await store.get(key));
        assert.deepEqual(ids(await store.query('s', all)), ['b', 'a']);
      }),
    );

    it(
      'are read in the order of their ids, upwards and downwards, whatever their times say',
      withStore(async (store) => {
        await store.append('s', [event('02', 9), event('01', 5), event('03', 1)]);
        await store.append('t', [event('00', 1), event('04', 1)]);
        assert.deepEqual(ids(await store.scan('s', { after: '', limit: 9 })), ['01', '02', '03']);
        assert.deepEqual(ids(await store.scan('s', { after: '01', limit: 1 })), ['02']);
        assert.deepEqual(ids(await store.scan('s', { after: '03', limit: 9 })), []);
        assert.deepEqual(ids(await store.scan('s', { before: undefined, limit: 2 })), ['03', '02']);
        assert.deepEqual(ids(await store.scan('s', { before: '02', limit: 9 })), ['01']);
      }),
    );

    it(
      'forget what comes before an id, itself too and no other stream, and say how much',
      withStore(async (store) => {
        await store.append('s', [event('01', 1), event('02', 2), event('03', 3)]);
        await store.append('t', [event('01', 1)]);
        assert.equal(await store.forgetThrough('s', '02'), 2);
        assert.deepEqual(ids(await store.query('s', all)), ['03']);
        assert.deepEqual(ids(await store.query('t', all)), ['01']);
      }),
    );

    it(
      'are all or nothing also where they are to survive the process alone',
      withStore(async (store) => {
        await store.append('s', [event('a', 1)], 'process');
        await assert.rejects(store.append('s', [event('b', 2), event('a', 2)], 'process'));
        assert.deepEqual(ids(await store.query('s', all)), ['a']);
      }),
    );

    it(
      'are read across streams as they came, whatever their ids and times say, after a sequence',
      withStore(async (store) => {
        await store.append('s/2', [event('b', 9)]);
        await store.append('t', [event('x', 1)]);
        await store.append('s/1', [event('a', 5), event('c', 1)]);
        const arrived = await store.arrivals({ streams: 's/', after: 0, limit: 9 });
        assert.deepEqual(ids(arrived.events), ['b', 'a', 'c']);
        const [first, , last] = arrived.events;
        assert.equal(arrived.last, last?.sequence);
        const after = first?.sequence ?? 0;
        assert.deepEqual(ids((await store.arrivals({ streams: 's/', after, limit: 1 })).events), ['a']);
        await store.append('t', [event('y', 1)]);
        const end = await store.arrivals({ streams: 's/', after: arrived.last, limit: 9 });
        assert.deepEqual(end.events, []);
        assert.ok(end.last > arrived.last);
        await store.forget('s/2', at(50));
        assert.deepEqual(ids((await store.arrivals({ streams: 's/', after: 0, limit: 9 })).events), ['a', 'c']);
        assert.deepEqual((await store.arrivals({ streams: 's/', after: 0, limit: 9 })).last, end.last);
      }),
    );

    it(
      'forget what is older, and say how much',
      withStore(async (store) => {
        await store.append(
          's',
          [1, 2, 3].map((time) => event(`${time}`, time)),
        );
        assert.equal(await store.forget('s', at(3)), 2);
        assert.deepEqual(ids(await store.query('s', all)), ['3']);
      }),
    );
  });

  describe(`${name}: opening again`, () => {
    it(
      'shows documents with their etags, the revision and events as they were',
      withStore(async (store, place) => {
        await store.transact([{ put: key('/a'), body: { n: 1 } }]);
        await store.transact([{ put: key('/b'), body: {} }]);
        const removed = await store.transact([{ remove: key('/b') }]);
        await store.append('s', [{ id: 'a', time: at(1), body: {} }]);
        const before = await store.get(key('/a'));
        await store.close();
        const again = open(place);
        try {
          assert.deepEqual(await again.get(key('/a')), before);
          assert.equal((await again.query('s', { from: at(0), to: at(9), limit: 9 })).length, 1);
          const next = await again.transact([{ put: key('/c'), body: {} }]);
          assert.ok('revision' in next && 'revision' in removed && next.revision > removed.revision);
        } finally {
          await again.close();
        }
      }),
    );

    it(
      'can be closed twice',
      withStore(async (store) => {
        await store.close();
        await store.close();
      }),
    );
  });

  describe(`${name}: any sequence of transactions`, () => {
    it('leaves what a map in memory would hold', () => storeModel((work) => inPlace(open, work)));
  });
}

async function inPlace(open: OpenStore, work: (store: Store, place: string) => Promise<void>): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'postern-store-'));
  const store = open(place);
  try {
    await work(store, place);
  } finally {
    await store.close();
    rmSync(place, { recursive: true });
  }
}

async function etagAfter(store: Store, body: JsonObject): Promise<string> {
  const path: DocumentKey = key('/a');
  const outcome = await store.transact([{ put: path, body }]);
  assert.ok('etags' in outcome);
  const etag = outcome.etags.get(path);
  assert.ok(etag !== undefined && etag === (await store.get(path))?.etag);
  return etag;
}
