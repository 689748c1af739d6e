// The server of the imds benchmark, in a process of its own: the metadata service over a machine in memory, or bare
// node:http that sends the bytes it was given.

import { randomBytes, randomUUID } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Directory, ServicePrincipal } from '../../src/core/ports/directory.ts';
import type { MachineView } from '../../src/core/ports/machines.ts';
import type { EpochMillis, EpochSeconds } from '../../src/core/time.ts';
import { metadataServer } from '../../src/imds/metadata-server.ts';
import { openMetadataService } from '../../src/imds/metadata-service.ts';

/** Which server to be. */
export type ServerOrder =
  | { readonly kind: 'imds' }
  | { readonly kind: 'bare'; readonly head: string[]; readonly body: string };

/** Where it listens, and what to ask it. */
export interface ServerReady {
  readonly port: number;
  readonly path: string;
}

/** The processor time that it has used since its start: its answer to every later message. */
export interface ServerCost {
  readonly cpuMicros: number;
}

const machineId =
  '/subscriptions/5e0b7b5c-0000-4000-8000-000000000001/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/web-1';
const path = '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F';

process.once('message', async (order: ServerOrder) => {
  const server = order.kind === 'imds' ? imdsServer() : bareServer(order.head, order.body);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.on('message', () => process.send?.({ cpuMicros: cpuMicros() } satisfies ServerCost));
  process.send?.({ port: (server.address() as AddressInfo).port, path } satisfies ServerReady);
});
process.once('disconnect', () => process.exit(0));

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function bareServer(head: string[], body: string): Server {
  return createHttpServer((_request, response) => {
    response.writeHead(200, head);
    response.end(body, 'latin1');
  });
}

/** Each socket is brought to the metadata server as a machine's sockets are. */
function imdsServer(): Server {
  const principal = {
    objectId: randomUUID(),
    appId: randomUUID(),
    accountEnabled: true,
  } as unknown as ServicePrincipal;
  const principals = new Map([[principal.objectId, principal]]);
  const view: MachineView = {
    resourceId: machineId,
    vmId: randomUUID(),
    identities: [
      { kind: 'systemAssigned', principalId: principal.objectId, clientId: principal.appId, resourceId: machineId },
    ],
    resource: {},
  };
  const views = new Map([[machineId.toLowerCase(), view]]);
  const { accept } = metadataServer(
    openMetadataService({
      machines: { view: (resourceId) => views.get(resourceId.toLowerCase()) },
      issuer: { issueManagedIdentityToken },
      directory: {
        servicePrincipal: (objectId: string) => principals.get(objectId.toLowerCase()),
      } as unknown as Directory,
      clock: { now: () => Date.now() as EpochMillis },
      random: { uuid: randomUUID, bytes: randomBytes },
    }),
  );
  return createServer({ noDelay: true }, (socket) => accept(socket, machineId));
}

/** A token of the length of a real one, for a day: it is asked for once. */
async function issueManagedIdentityToken() {
  const seconds = Math.floor(Date.now() / 1000);
  return {
    accessToken: randomBytes(1200).toString('base64url'),
    notBefore: (seconds - 300) as EpochSeconds,
    expiresOn: (seconds + 86_400) as EpochSeconds,
  };
}
