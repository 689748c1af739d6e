import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// A start runs most code once, so optimizing it costs more than it gives: the compilers alone bring 8 MB of Node's binary
// into memory. Commands that end at once do without them; the host has them from the moment when it is ready.

const optimizers = ['opt', 'maglev'];

/** Lets V8 interpret only. To be called before the first module comes from the cache, which is valid for the flags it was made with. */
export function beginFrugally(): void {
  for (const optimizer of optimizers) setFlagsFromString(`--no-${optimizer}`);
}

/**
 * Lets V8 optimize from now on, and gives back what only the start needed: V8 itself collects garbage only when something
 * is allocated, which a host that nobody asks anything does not do. Takes about 30 ms.
 */
export function endFrugally(): void {
  flushCompileCache();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: object) => void;
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', flavor: 'last-resort' });
  for (const optimizer of optimizers) setFlagsFromString(`--${optimizer}`);
}
