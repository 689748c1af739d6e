// The server of the benchmarks of IMDS, in a process of its own: a whole Postern over SQLite, with one machine, whose door opens on
// loopback as a machine's does at 169.254.169.254. Each hand-over is recorded durably, each caller looked up in the kernel's table.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalUser } from '../../src/core/access/caller.ts';
import { accountFiles } from '../../src/machines/sandbox/callers/account-files.ts';
import { type CallerOf, callersBy } from '../../src/machines/sandbox/callers/callers.ts';
import { findProcess } from '../../src/machines/sandbox/callers/find-process.ts';
import { networkTables, peerLookup } from '../../src/machines/sandbox/callers/peer-lookup.ts';
import { openResourceManager } from '../arm/resource-manager.ts';
import { serveOrders } from '../http/serve.ts';
import { putProfile } from './profile.ts';

/** What kind of server to be. */
export interface ImdsOrder {
  /** Whether the machine has an access control profile of 100 rules in Enforce. */
  readonly guarded: boolean;
  /** How it is known who asks: looked up for each connection, as Postern does, or known without any lookup, as it cannot. */
  readonly caller: 'lookedUp' | 'given';
}

const path = '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F';
const alice: LocalUser = { uid: 1000, userName: 'alice', groupNames: ['alice', 'staff'] };

serveOrders(async ({ guarded, caller }: ImdsOrder) => {
  const manager = await openResourceManager();
  const group = `/subscriptions/${manager.subscriptionId}/resourceGroups/bench`;
  const machine = `${group}/providers/Microsoft.Compute/virtualMachines/web-1`;
  await manager.put(`${group}?api-version=2021-04-01`, { location: 'westeurope' });
  const securityProfile = guarded ? { proxyAgentSettings: await putProfile(manager, group, alice.userName) } : {};
  await manager.put(`${machine}?api-version=2024-11-01`, {
    location: 'westeurope',
    identity: { type: 'SystemAssigned' },
    properties: { securityProfile },
  });
  const callerOf = caller === 'lookedUp' ? lookedUp() : given;
  const door = { allowHalfOpen: true, noDelay: true };
  const server = createServer(door, (socket) => manager.metadata.accept(socket, machine, callerOf(socket)));
  return { server, paths: [path], headers: ['Metadata: true'] };
});

/** As a machine's callers are found, where this benchmark's own user is the machine's alice. */
function lookedUp(): CallerOf {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-imds-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'etc'));
  writeFileSync(
    join(folder, 'etc/passwd'),
    `root:x:0:0::/root:/bin/sh\nalice:x:${alice.uid}:1000::/home/alice:/bin/sh\n`,
  );
  writeFileSync(join(folder, 'etc/group'), 'root:x:0:\nalice:x:1000:\nstaff:x:50:alice\n');
  const own = process.getuid?.();
  return callersBy({
    peers: peerLookup(networkTables('self')),
    users: accountFiles(folder),
    userInside: (uid) => (uid === own ? alice.uid : undefined),
    findProcess: (inode) => findProcess(inode, process.pid),
  });
}

const given: CallerOf = () => ({ user: () => alice, process: () => undefined });
