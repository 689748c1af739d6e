import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Programs } from './programs.ts';

/** The two listening sockets of a machine, open in its network namespace, served by this process. */
export interface OpenDoors {
  readonly imds: Server;
  readonly cloud: Server;
}

/** A network namespace to open them in; `userNamespace` owns it where we are not root. */
export interface DoorPlace {
  readonly network: string;
  readonly userNamespace?: string;
}

/**
 * The child's whole program: open and hand over. In JavaScript and inline, so that it starts without reading a file;
 * what starts with a machine counts against each machine's 250 ms.
 */
const program = `
const net = require('node:net');
const open = (port, host) => new Promise((resolve, reject) => {
  const server = net.createServer().once('error', reject).listen(port, host, 511, () => resolve(server));
});
Promise.all([open(80, '169.254.169.254'), open(443, '127.0.0.1')]).then(([imds, cloud]) => {
  process.send('imds', imds);
  process.send('cloud', cloud);
});
`;

/**
 * Opens a machine's doors: a short-lived child enters the network namespace (which no running process can do from
 * within Node), listens, and hands the listening sockets over the IPC channel.
 * @see https://nodejs.org/api/child_process.html "subprocess.send", "Example: sending a server object"
 */
export async function openDoors(programs: Programs, place: DoorPlace): Promise<OpenDoors> {
  const namespaces =
    place.userNamespace === undefined ? [] : ['--preserve-credentials', `--user=${place.userNamespace}`];
  const argv = [...namespaces, `--net=${place.network}`, '--', process.execPath, '-e', program];
  const child = spawn(programs.nsenter, argv, { env: {}, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const handles = await Promise.race([receiveHandles(child), once(child, 'close').then(() => undefined)]);
  if (handles === undefined) throw new Error(`The machine's endpoints could not be opened: ${said.join('').trim()}`);
  await endChild(child);
  return { imds: await adopt(handles.imds), cloud: await adopt(handles.cloud) };
}

/** INVARIANT: it has ended before a door counts as open, or it would go on accepting what it does not serve. */
async function endChild(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function receiveHandles(child: ChildProcess): Promise<{ readonly imds: unknown; readonly cloud: unknown }> {
  const received: Record<string, unknown> = {};
  return new Promise((resolve) => {
    child.on('message', (name, handle) => {
      received[String(name)] = handle;
      const { imds, cloud } = received;
      if (imds !== undefined && cloud !== undefined) resolve({ imds, cloud });
    });
  });
}

/** Serves a handle that came over: half-open and without delay, as `node:http` makes its own sockets. */
async function adopt(handle: unknown): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(handle);
  await once(server, 'listening');
  return server;
}
