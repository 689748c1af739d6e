// Writes documents and events one after the other and prints the number of each once it is acknowledged. Run by
// `sqlite-store.test.ts`, which kills it.

import { documentKey } from '../../../src/core/ports/store.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';

const store = openSqliteStore({ file: process.argv[2] as string });
for (let n = 0; ; n += 1) {
  await store.transact([{ put: documentKey(`/n/${n}`), body: { n } }]);
  await store.append('n', [{ id: `${n}`, time: n as EpochMillis, body: { n } }]);
  process.stdout.write(`${n}\n`);
}
