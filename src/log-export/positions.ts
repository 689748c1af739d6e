import { createHash } from 'node:crypto';
import { documentKey, type Store } from '../core/ports/store.ts';

/** How far an export has come, where its receiver cannot say. */
export interface Positions {
  load(): Promise<number>;
  /** Survives the process: after a failure of the power some records may be offered once more. */
  save(number: number): Promise<void>;
}

/** Where the positions of each log's exports are kept, by what the log records. */
const roots: Readonly<Record<string, string>> = { 'sign-in': '/sign-ins/exports', activity: '/activity-log/exports' };

/** An export's position in the store, by the log's `event` and what it exports to. */
export function positionsIn(store: Store, event: string, target: string): Positions {
  const name = createHash('sha256').update(target).digest('hex');
  const key = documentKey(`${roots[event]}/${name}`);
  return {
    async load() {
      const number = (await store.get(key))?.body['number'];
      return typeof number === 'number' ? number : 0;
    },
    async save(number) {
      await store.transact([{ put: key, body: { number } }], 'process');
    },
  };
}
