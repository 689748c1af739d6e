import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MachineEntry, MachineGroup, MachineSpec, RunningMachine } from '../../../src/core/ports/machine-host.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { systemClock, systemRandom } from '../../../src/host/system.ts';
import { makeAuthority, makeServerCertificate } from '../../../src/host/tls/authority.ts';
import type { MachineDoors } from '../../../src/machines/doors.ts';
import { openSandboxHost, type SandboxHost } from '../../../src/machines/sandbox/sandbox-host.ts';

/** What a program inside a machine came to. */
export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
}

/** A host with doors that answer which machine came in by which door. */
export interface Stand {
  readonly host: SandboxHost;
  readonly folder: string;
  readonly stateDir: string;
  /** A folder that machines show, with `open`, `private` (0600) and `hidden/secret` in it. */
  readonly tool: string;
  readonly log: string[];
  start(name: string, users?: readonly string[], groups?: readonly MachineGroup[]): Promise<RunningMachine>;
  entry(name: string, user: string): MachineEntry;
  run(name: string, user: string, ...command: readonly string[]): Promise<Outcome>;
  /** Runs a shell script as the user; answers what it printed. Throws unless its status is 0. */
  sh(name: string, user: string, script: string): Promise<string>;
  close(): Promise<void>;
}

/** The resource id of a test's machine. */
export function idOf(name: string): string {
  return `/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/${name}`;
}

/** A specification by name. */
export function specOf(
  name: string,
  users: readonly string[] = ['azureuser'],
  groups: readonly MachineGroup[] = [],
): MachineSpec {
  return { resourceId: idOf(name), vmId: `0000-${name}`, hostname: name, users, groups };
}

/** Opens a stand in a folder of its own. */
export async function openStand(): Promise<Stand> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'postern-stand-')));
  const tool = makeTool(folder);
  const log: string[] = [];
  const { doors, authority } = await openDoors();
  const stateDir = join(folder, 'state');
  const host = await openSandboxHost({
    stateDir,
    doors,
    publicNames: ['management.azure.com', 'login.microsoftonline.com'],
    caCertificatePem: authority,
    toolPaths: [tool],
    hiddenPaths: [join(tool, 'hidden')],
    clock: { now: () => 1_700_000_000_000 as EpochMillis },
    logger: ({ event }) => log.push(event),
  });
  const names = new Set<string>();
  const entry = (name: string, user: string) => {
    const found = host.entry(idOf(name), user);
    if (found === undefined || isRefusal(found)) throw new Error(`no entry: ${JSON.stringify(found)}`);
    return found;
  };
  const run = (name: string, user: string, ...command: readonly string[]) => runEntry(entry(name, user), command);
  return {
    ...{ host, folder, stateDir, tool, log, entry, run },
    async start(name, users, groups) {
      names.add(name);
      const started = await host.start(specOf(name, users, groups));
      if (isRefusal(started)) throw new Error(`${started.message} ${JSON.stringify(started.cause)}`);
      return started;
    },
    async sh(name, user, script) {
      const { status, out, error } = await run(name, user, 'sh', '-c', script);
      if (status !== 0) throw new Error(`status ${status}: ${out}${error}`);
      return out.trim();
    },
    async close() {
      for (const name of names) await host.remove(idOf(name));
      rmSync(folder, { recursive: true });
    },
  };
}

/** Opens a host whose machines are served by nobody, or by `imds` alone. */
export function openDoorlessHost(stateDir: string, imds: MachineDoors['imds'] = () => undefined): Promise<SandboxHost> {
  return openSandboxHost({
    stateDir,
    doors: { imds, cloud: () => undefined },
    publicNames: [],
    caCertificatePem: '',
    toolPaths: [],
    hiddenPaths: [],
    clock: { now: () => 0 as EpochMillis },
  });
}

/** Runs a program by a machine's entry. */
export function runEntry({ argv, env }: MachineEntry, command: readonly string[]): Promise<Outcome> {
  const [program = '', ...words] = [...argv, ...command];
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.error += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, ...printed }));
  });
}

function makeTool(folder: string): string {
  const tool = join(folder, 'tool');
  mkdirSync(join(tool, 'hidden'), { recursive: true });
  writeFileSync(join(tool, 'open'), 'open');
  writeFileSync(join(tool, 'private'), 'private', { mode: 0o600 });
  writeFileSync(join(tool, 'hidden/secret'), 'secret');
  for (const path of [tool, join(tool, 'hidden')]) chmodSync(path, 0o755);
  return tool;
}

/** Both servers answer `door machine host path`. */
async function openDoors() {
  const machines = new WeakMap<Socket, string>();
  const answer =
    (door: string): RequestListener =>
    ({ socket, headers, url }, response) =>
      response.end(`${door} ${machines.get(parentOf(socket))} ${headers.host} ${url}`);
  const authority = await makeAuthority(systemClock, systemRandom);
  const names = ['management.azure.com'];
  const { certificate, key } = await makeServerCertificate(authority, names, systemClock, systemRandom);
  const imds = createServer(answer('imds'));
  const cloud = createSecureServer({ cert: certificate, key }, answer('cloud'));
  const admit = (server: Server) => (socket: Socket, id: string) => {
    machines.set(socket, id);
    server.emit('connection', socket);
  };
  return { doors: { imds: admit(imds), cloud: admit(cloud) }, authority: authority.certificate };
}

/** The socket that came in, under TLS the one below. */
function parentOf(socket: Socket): Socket {
  return (socket as Socket & { readonly _parent?: Socket })._parent ?? socket;
}
