import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CallerProcess } from '../../../core/access/caller.ts';

/** Where this module is: a child that must look from within a namespace loads it. */
export const findProcessModule = import.meta.url;

/**
 * Finds the program that holds a socket, by looking through what every process has open that may be the machine's: one can
 * hide in a namespace of its own. Undefined when nobody is found, when several different programs hold the socket, when some process
 * cannot be looked into, and when what a process runs is not the file that the machine itself has at that path (a
 * namespace of a user's own can show any file anywhere). `initPid` is the machine's first process.
 */
export async function findProcess(inode: number, initPid: number): Promise<CallerProcess | undefined> {
  try {
    const level = (await namespacePids(initPid)).length - 1;
    const machine = { level, namespace: await readlink(`/proc/${initPid}/ns/pid`) };
    const holders = await findHolders(`socket:[${inode}]`, machine);
    const mounts = await readlink(`/proc/${initPid}/ns/mnt`);
    const described = await Promise.all(holders.map((pid) => describe(pid, initPid, level, mounts)));
    const [first, ...others] = described;
    return first !== undefined && others.every((other) => isSameProgram(first, other)) ? first : undefined;
  } catch {
    return undefined;
  }
}

function isSameProgram(one: CallerProcess, other: CallerProcess | undefined): boolean {
  return other !== undefined && one.exePath === other.exePath;
}

/** The PID namespace of a machine, and how many namespaces lie between ours and it. */
interface MachinePids {
  readonly level: number;
  readonly namespace: string;
}

/** In the order of their ids. Throws where one cannot be looked into. */
async function findHolders(link: string, machine: MachinePids): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const held = await Promise.all(pids.map((pid) => unlessEnded(false, () => isHolder(pid, link, machine))));
  return pids.filter((_, at) => held[at]).toSorted((one, other) => one - other);
}

async function isHolder(pid: number, link: string, machine: MachinePids): Promise<boolean> {
  if (!(await mayBeWithin(pid, machine))) return false;
  const names = await namesOfOpenFiles(pid);
  const links = names.map((name) => unlessEnded('', () => readlink(`/proc/${pid}/fd/${name}`)));
  return (await Promise.all(links)).includes(link);
}

/** A process that has ended and is not yet waited for has none, and is nobody's to look into; a thread of it that goes on may have some. */
async function namesOfOpenFiles(pid: number): Promise<readonly string[]> {
  try {
    return await readdir(`/proc/${pid}/fd`);
  } catch (error) {
    const status = await readFile(`/proc/${pid}/status`, 'latin1');
    if (/^State:\s*Z/m.test(status) && /^Threads:\s*1$/m.test(status)) return [];
    throw error;
  }
}

/**
 * Whether a process is the machine's, or lies so deep that it may be: in the machine's PID namespace or one below it. Another machine's or
 * container's is as deep in another one, and need not be one that we may look into.
 */
async function mayBeWithin(pid: number, { level, namespace }: MachinePids): Promise<boolean> {
  const own = await namespaceOf(pid);
  if (own === undefined || own === namespace) return own !== undefined;
  return (await namespacePids(pid)).length - 1 > level;
}

/** Undefined for a process that is none of ours to look at, as of another user of the host: it is in no machine of ours. */
async function namespaceOf(pid: number): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/ns/pid`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    throw error;
  }
}

async function describe(
  pid: number,
  initPid: number,
  level: number,
  mounts: string,
): Promise<CallerProcess | undefined> {
  const folder = `/proc/${pid}`;
  const exePath = await readlink(`${folder}/exe`);
  const [inside, line, place, running, installed] = await Promise.all([
    namespacePids(pid),
    readFile(`${folder}/cmdline`, 'utf8'),
    readlink(`${folder}/ns/mnt`),
    stat(`${folder}/exe`, { bigint: true }),
    stat(`/proc/${initPid}/root${exePath}`, { bigint: true }),
  ]);
  const isInstalled = running.dev === installed.dev && running.ino === installed.ino;
  const number = inside[level];
  if (place !== mounts || !isInstalled || number === undefined) return undefined;
  return {
    pid: number,
    exePath,
    processName: basename(exePath),
    commandLine: line.replace(/\0$/, '').split('\0'),
  };
}

/** A process's ids from ours inwards: one for each PID namespace that it is in. @see proc_pid_status(5), NSpid */
async function namespacePids(pid: number): Promise<readonly number[]> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1');
  return (/^NSpid:\s*(.*)$/m.exec(status)?.[1] ?? '').split(/\s+/).map(Number);
}

/** What is gone between two looks is not there. */
async function unlessEnded<Value>(otherwise: Value, look: () => Promise<Value>): Promise<Value> {
  try {
    return await look();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return otherwise;
    throw error;
  }
}
