import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { verifyLog } from '../../src/sign-ins/verify.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { openTestLog, signIn } from './log.ts';

describe('a sign-in log whose process is killed', () => {
  it('has each record that was acknowledged, is whole, and goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-killed-'));
    const file = join(folder, 'store.db');
    const child = spawn(process.execPath, [join(import.meta.dirname, 'record-until-killed.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let acknowledged = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged > 900) child.kill('SIGKILL');
    }
    const store = openSqliteStore({ file });
    const trusting = { verifier: () => 'good' as const };
    const { records, breach, checkpoints } = await verifyLog(store, trusting);
    assert.equal(breach, undefined);
    assert.ok(records >= acknowledged && acknowledged > 900);
    assert.ok(checkpoints >= 8);
    const { log } = openTestLog({ store });
    await log.record(signIn(99_999));
    assert.deepEqual(
      (await log.readAfter(records)).map(({ number }) => number),
      [records + 1],
    );
    assert.equal((await log.verify(trusting)).breach, undefined);
    await store.close();
    rmSync(folder, { recursive: true });
  });
});
