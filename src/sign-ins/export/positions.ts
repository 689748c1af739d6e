import { documentKey, type Store } from '../../core/ports/store.ts';
import { sha256 } from '../encoder.ts';

/** How far an export has come, where its receiver cannot say. */
export interface Positions {
  load(): Promise<number>;
  /** Survives the process: after a failure of the power some records may be offered once more. */
  save(number: number): Promise<void>;
}

/** An export's position in the store, by what it exports to. */
export function positionsIn(store: Store, target: string): Positions {
  const key = documentKey(`/sign-ins/exports/${Buffer.from(sha256(target), 'base64url').toString('hex')}`);
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
