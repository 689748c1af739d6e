import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CallerProcess } from '../../../core/access/caller.ts';
import { findProcessModule } from './find-process.ts';

/** A user namespace over a machine's, in which a child of ours is root, and the machine's first process. */
export interface WithinPlace {
  readonly nsenter: string;
  readonly userNamespace: string;
  readonly initPid: number;
}

interface Question {
  readonly inode: number;
  readonly answer: (found: CallerProcess | undefined) => void;
}

/** How many sockets one child looks for; how long it may take, in milliseconds; how much it may say, in bytes. Our own choice. */
const limits = { sockets: 256, timeout: 10_000, maxBuffer: 16 * 1024 * 1024 };

/** The child's whole program: the search itself is that of `find-process`. */
const program = `
const [module, initPid, ...inodes] = process.argv.slice(1);
import(module).then(async ({ findProcess }) => {
  const found = [];
  for (const inode of inodes) found.push((await findProcess(Number(inode), Number(initPid))) ?? null);
  process.stdout.write(JSON.stringify(found));
});
`;

/**
 * `findProcess` for a rootless machine of several ids: what a process of another id has open may only be read by root of a namespace
 * that maps the id (proc_pid_fd(5)). A child costs a start of Node, so one at a time runs and answers all that were asked
 * before it began. Undefined where it fails.
 */
export function lookWithin(place: WithinPlace): (inode: number) => Promise<CallerProcess | undefined> {
  let waiting: Question[] = [];
  let isLooking = false;

  async function lookForAll(): Promise<void> {
    isLooking = true;
    while (waiting.length > 0) {
      const questions = waiting.slice(0, limits.sockets);
      waiting = waiting.slice(limits.sockets);
      const found = await runChild(
        place,
        questions.map(({ inode }) => inode),
      ).catch(() => []);
      for (const [at, { answer }] of questions.entries()) answer(found[at] ?? undefined);
    }
    isLooking = false;
  }

  return (inode) =>
    new Promise((answer) => {
      waiting.push({ inode, answer });
      if (!isLooking) void lookForAll();
    });
}

async function runChild(
  { nsenter, userNamespace, initPid }: WithinPlace,
  inodes: readonly number[],
): Promise<readonly (CallerProcess | null)[]> {
  const enter = ['--preserve-credentials', `--user=${userNamespace}`, '--'];
  const look = [process.execPath, '-e', program, findProcessModule, String(initPid), ...inodes.map(String)];
  const { timeout, maxBuffer } = limits;
  const { stdout } = await promisify(execFile)(nsenter, [...enter, ...look], { env: {}, cwd: '/', timeout, maxBuffer });
  return JSON.parse(stdout);
}
