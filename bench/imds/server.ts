// The server of the benchmarks of IMDS by kept connections, in a process of its own: a whole Postern over SQLite, with one machine,
// whose door opens on loopback. Each hand-over is recorded durably, each caller looked up in the kernel's table.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountFiles } from '../../src/machines/sandbox/callers/account-files.ts';
import { type CallerOf, callersBy } from '../../src/machines/sandbox/callers/callers.ts';
import { findProcess } from '../../src/machines/sandbox/callers/find-process.ts';
import { networkTables, peerLookup } from '../../src/machines/sandbox/callers/peer-lookup.ts';
import { serveOrders } from '../http/serve.ts';
import { askingUser, openMachine, question } from './guarded-machine.ts';

/** What kind of server to be. */
export interface ImdsOrder {
  /** Whether the machine has an access control profile of 100 rules in Enforce. */
  readonly guarded: boolean;
  /** How it is known who asks: looked up for each connection, as Postern does, or given without any look-up, as it cannot be. */
  readonly caller: 'lookedUp' | 'given';
}

serveOrders(async ({ guarded, caller }: ImdsOrder) => {
  const { manager, machineResourceId } = await openMachine(guarded);
  const callerOf = caller === 'lookedUp' ? callersHere() : given;
  // As a machine's doors are.
  const door = { allowHalfOpen: true, noDelay: true };
  const server = createServer(door, (socket) => manager.metadata.accept(socket, machineResourceId, callerOf(socket)));
  return { server, ...question };
});

/** As a machine's callers are found, where whoever runs this benchmark is the machine's user. */
function callersHere(): CallerOf {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-imds-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'etc'));
  writeFileSync(join(folder, 'etc/passwd'), `root:x:0:0::/root:/bin/sh\n${askingUser}:x:1000:1000::/home:/bin/sh\n`);
  writeFileSync(join(folder, 'etc/group'), `root:x:0:\n${askingUser}:x:1000:\n`);
  const own = process.getuid?.();
  return callersBy({
    peers: peerLookup(networkTables('self')),
    users: accountFiles(folder),
    userInside: (uid) => (uid === own ? 1000 : undefined),
    findProcess: (inode) => findProcess(inode, process.pid),
  });
}

const given: CallerOf = () => ({
  user: () => ({ uid: 1000, userName: askingUser, groupNames: [askingUser] }),
  process: () => undefined,
});
