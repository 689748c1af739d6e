import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';

// Where the tests run as root, the same rules are held once more by an ordinary user's process.

const nobody = 65_534;
const become = ['--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups'];
const skip = reasonToSkip();
const folder = mkdtempSync(join(tmpdir(), 'postern-rootless-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const files = ['sandbox-host', 'killed-host', 'run-script', 'callers/callers'];

describe('a machine of an ordinary user', { skip }, () => {
  for (const name of files) {
    it(`holds to ${name}.test.ts`, (test) => takeUp(test, ['setpriv', ...become], name));
  }
});

describe('a machine of an ordinary user with subordinate ids', { skip: skip || reasonToSkipRange() }, () => {
  for (const name of files) {
    it(`holds to ${name}.test.ts`, (test) => takeUp(test, withIds(), name));
  }
});

/** Runs a file's tests by a command that goes before Node. */
function takeUp(test: TestContext, [command = '', ...words]: readonly string[], name: string): void {
  chownSync(folder, nobody, nobody);
  const file = join(import.meta.dirname, `${name}.test.ts`);
  const env = { PATH: process.env['PATH'], TMPDIR: folder };
  const argv = [...words, process.execPath, '--test', '--test-reporter=tap', file];
  const { status, stdout } = spawnSync(command, argv, { env, encoding: 'utf8' });
  assert.equal(status, 0, stdout);
  if (/^# pass 0$/m.test(stdout)) test.skip(/# SKIP (.*)/.exec(stdout)?.[1]);
}

/** In a mount namespace in which `nobody` has subordinate ids, whatever the host's tables say: ids that nobody else has. */
function withIds(): readonly string[] {
  const table = join(folder, 'ids');
  writeFileSync(table, `${nobody}:${0x3000_0000}:65536\n`);
  const mount = 'for file in subuid subgid; do mount --bind "$0" /etc/$file || exit 1; done; exec setpriv "$@"';
  return ['unshare', '--mount', 'sh', '-c', mount, table, ...become];
}

function reasonToSkip(): string | false {
  if (process.platform !== 'linux') return 'machines are Linux only';
  if (process.getuid?.() !== 0) return 'the tests run as an ordinary user anyway';
  const read = `require('node:fs').accessSync(${JSON.stringify(import.meta.filename)})`;
  const { status } = spawnSync('setpriv', [...become, process.execPath, '-e', read], { stdio: 'ignore' });
  return status !== 0 && 'an ordinary user cannot read this folder';
}

function reasonToSkipRange(): string | false {
  const absent = ['/etc/subuid', '/etc/subgid', '/usr/bin/newuidmap'].find((file) => !existsSync(file));
  return absent !== undefined && `${absent} is not there`;
}
