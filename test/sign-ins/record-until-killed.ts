// Records sign-ins and prints how many are acknowledged. Run by `crash.test.ts`, which kills it.

import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { openTestLog, signIn } from './log.ts';

const [file = ''] = process.argv.slice(2);
const { log } = openTestLog({ store: openSqliteStore({ file }), checkpointRecords: 100 });
for (let n = 1; ; n += 3) {
  const outcome = n % 2 === 0 ? 'issued' : 'denied';
  await Promise.all([n, n + 1, n + 2].map((one) => log.record(signIn(one, { outcome }))));
  process.stdout.write(`${n + 2}\n`);
}
