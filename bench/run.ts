// Runs the benchmarks, each in a process of its own, and says which goals were missed: `npm run bench [-- NAME] [--short]`.
// Each prints, as its last line, a ratio taken against a peer or a physical limit that was measured in the same run.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readVerdict, type Verdict } from './verdict.ts';

/** In the order in which they run. `better` says on which side of the goal the ratio should lie. */
const benchmarks = [
  { name: 'imds', better: 'higher' },
  { name: 'imds-guarded', better: 'higher' },
  { name: 'imds-connect', better: 'higher' },
  { name: 'mint', better: 'higher' },
  { name: 'verify', better: 'higher' },
  { name: 'arm', better: 'higher' },
  { name: 'list', better: 'higher' },
  { name: 'groups', better: 'higher' },
  { name: 'rbac', better: 'higher' },
  { name: 'condition', better: 'higher' },
  { name: 'access', better: 'higher' },
  { name: 'log', better: 'higher' },
  { name: 'startup', better: 'lower' },
  { name: 'memory', better: 'lower' },
  { name: 'machines', better: 'lower' },
] as const;

const words = process.argv.slice(2);
const short = words.includes('--short');
const names = words.filter((word) => !word.startsWith('--'));
const unknown = names.filter((name) => benchmarks.every((benchmark) => benchmark.name !== name));

if (unknown.length > 0) {
  console.error(`no benchmark '${unknown.join("', '")}'; there are ${benchmarks.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const present = benchmarks.filter(({ name }) => existsSync(join(import.meta.dirname, `${name}.ts`)));
const chosen = present.filter(({ name }) => names.length === 0 || names.includes(name));
if (chosen.length === 0) {
  console.error('there is nothing to run');
  process.exit(2);
}

const verdicts: Verdict[] = [];
for (const { name, better } of chosen) {
  console.log(`== ${name}`);
  verdicts.push(readVerdict(name, better, await runOne(name)));
}

console.log('==');
for (const { line, outcome } of verdicts) console.log(`${line}  ${outcome}`);
const failed = verdicts.some(({ outcome }) => outcome === 'failed');
// A short run is too short to judge a goal by.
const missed = verdicts.some(({ outcome }) => outcome === 'missed');
process.exitCode = failed || (missed && !short) ? 1 : 0;

/** Answers what the benchmark printed; undefined when it failed. */
function runOne(name: string): Promise<string | undefined> {
  const script = join(import.meta.dirname, 'run-one.ts');
  const child = spawn(process.execPath, [script, name, ...(short ? ['--short'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    process.stdout.write(text);
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? printed : undefined));
  });
}
