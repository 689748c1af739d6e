// Writes documents and events one after the other and prints the number of each once it is acknowledged; a second word says
// what they are to survive. Run by `sqlite-store.test.ts`, which kills it.

import { documentKey, type Survives } from '../../../src/core/ports/store.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';

const [file = '', survives] = process.argv.slice(2);
const store = openSqliteStore({ file });
for (let n = 0; ; n += 1) {
  await store.transact([{ put: documentKey(`/n/${n}`), body: { n } }], survives as Survives | undefined);
  await store.append('n', [{ id: `${n}`, time: n as EpochMillis, body: { n } }], survives as Survives | undefined);
  process.stdout.write(`${n}\n`);
}
