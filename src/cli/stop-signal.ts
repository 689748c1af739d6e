import { exitStatus } from './exit-status.ts';

/** npm passes on the Ctrl-C that the terminal has given to all: what follows within this time is the same wish. */
const sameWishMillis = 1000;

/** Resolves with the first signal that asks to stop. One that comes later, while the stop goes on, ends the process at once. */
export function nextStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const hear = (signal: NodeJS.Signals): void => {
      const now = performance.now();
      if (first !== undefined && now - first > sameWishMillis) process.exit(exitStatus.failed);
      first ??= now;
      resolve(signal);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, hear);
  });
}
