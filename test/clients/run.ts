/**
 * `npm run clients [-- PREFIX…]`: installs the pinned clients, then runs every `*.client.ts` beside this file against a Postern
 * of its own. A run of all of them writes what was run into `docs/fidelity.md`.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { installAz } from './az-installation.ts';
import { type Outcome, writeMatrix } from './matrix.ts';
import { installPython } from './python-installation.ts';

const page = resolve(import.meta.dirname, '../../docs/fidelity.md');
const prefixes = process.argv.slice(2);

const files = globSync('*.client.ts', { cwd: import.meta.dirname })
  .filter((file) => prefixes.length === 0 || prefixes.some((prefix) => file.startsWith(prefix)))
  .toSorted();
if (files.length === 0) {
  console.error(`no client test begins with ${prefixes.join(' or ')}; there are the *.client.ts of test/clients`);
  process.exit(2);
}

installAz();
installPython();

const outcomes: Outcome[] = [];
const titles: string[] = [];
const tests = run({ files: files.map((file) => join(import.meta.dirname, file)), concurrency: false });
tests.on('test:start', ({ name, nesting }) => titles.splice(nesting, titles.length, name));
tests.on('test:pass', (event) => take(event, true));
tests.on('test:fail', (event) => take(event, false));
tests.once('end', finish);
tests.compose(spec()).pipe(process.stdout);

interface TestEvent {
  readonly name: string;
  readonly nesting: number;
  readonly skip?: string | boolean;
  readonly details: { readonly type?: string };
}

function take({ name, nesting, skip, details }: TestEvent, passed: boolean): void {
  if (!passed) process.exitCode = 1;
  if (details.type === 'suite') return;
  outcomes.push({ titles: [...titles.slice(0, nesting), name], passed, skipped: skip !== undefined });
}

function finish(): void {
  if (prefixes.length > 0) return;
  const now = readFileSync(page, 'utf8');
  const written = writeMatrix(now, outcomes);
  if (written === now) return;
  writeFileSync(page, written);
  console.log('docs/fidelity.md: what the clients did is written down');
}
