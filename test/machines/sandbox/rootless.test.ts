import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

// Where the tests run as root, the same rules are held once more by an ordinary user's process.

const nobody = 65_534;
const become = ['--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups'];
const skip = reasonToSkip();
const folder = mkdtempSync(join(tmpdir(), 'postern-rootless-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('a machine of an ordinary user', { skip }, () => {
  for (const name of ['sandbox-host', 'killed-host']) {
    it(`holds to ${name}.test.ts`, (test) => {
      chownSync(folder, nobody, nobody);
      const file = join(import.meta.dirname, `${name}.test.ts`);
      const { status, stdout } = asNobody('--test', '--test-reporter=tap', file);
      assert.equal(status, 0, stdout);
      if (/^# pass 0$/m.test(stdout)) test.skip(/# SKIP (.*)/.exec(stdout)?.[1]);
    });
  }
});

function asNobody(...words: readonly string[]) {
  const env = { PATH: process.env['PATH'], TMPDIR: folder };
  return spawnSync('setpriv', [...become, process.execPath, ...words], { env, encoding: 'utf8' });
}

function reasonToSkip(): string | false {
  if (process.platform !== 'linux') return 'machines are Linux only';
  if (process.getuid?.() !== 0) return 'the tests run as an ordinary user anyway';
  const read = `require('node:fs').accessSync(${JSON.stringify(import.meta.filename)})`;
  const { status } = spawnSync('setpriv', [...become, process.execPath, '-e', read], { stdio: 'ignore' });
  return status !== 0 && 'an ordinary user cannot read this folder';
}
