import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { killIfThere } from './stray.ts';

/** The variable by which everything that a script started is found, wherever it went in the tree of processes. */
export const scriptVariable = 'POSTERN_SCRIPT';

/** How often is looked again: what is killed may have had a child in the meantime. */
const rounds = 50;
const pauseMillis = 10;

/** Ends every process of a script. INVARIANT: `mark` is random, so that no other process has it. */
export async function endMarked(mark: string): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const found = findMarked(mark);
    if (found.length === 0) return;
    for (const pid of found) killIfThere(pid);
    await setTimeout(pauseMillis);
  }
}

function findMarked(mark: string): readonly number[] {
  const wanted = `${scriptVariable}=${mark}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => environmentOf(name).includes(wanted))
    .map(Number);
}

/** Empty for a process that has ended or is none of ours to look into. */
function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
