/** `npm run clients`: installs the pinned clients, then runs every `*.client.ts` beside this file against a Postern of its own. */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { installAz } from './az-installation.ts';

installAz();
const files = globSync('*.client.ts', { cwd: import.meta.dirname }).toSorted();
const chosen = files.filter(
  (file) => process.argv.length === 2 || process.argv.slice(2).some((word) => file.startsWith(word)),
);
const tests = spawn(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-reporter=spec', ...chosen.map((file) => `${import.meta.dirname}/${file}`)],
  { stdio: 'inherit' },
);
tests.once('exit', (status) => {
  process.exitCode = status ?? 1;
});
