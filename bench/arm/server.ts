// The server of the arm benchmark, in a process of its own: the whole front door over SQLite, without TLS, with one machine.

import { createServer } from 'node:http';
import { serveOrigin } from '../../src/host/listeners.ts';
import { serveOrders } from '../http/serve.ts';
import { openResourceManager } from './resource-manager.ts';

serveOrders(async () => {
  const { doors, put, subscriptionId, token } = await openResourceManager();
  const group = `/subscriptions/${subscriptionId}/resourceGroups/bench`;
  const machine = `${group}/providers/Microsoft.Compute/virtualMachines/web-1?api-version=2024-11-01`;
  await put(`${group}?api-version=2021-04-01`, { location: 'westeurope' });
  await put(machine, { location: 'westeurope', identity: { type: 'SystemAssigned' }, tags: { team: 'web' } });
  const server = createServer(serveOrigin(doors));
  return { server, paths: [machine], headers: [`Authorization: Bearer ${token}`] };
});
