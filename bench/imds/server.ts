// The server of the imds benchmark, in a process of its own: the metadata service over a machine in memory.

import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { unknownCaller } from '../../src/core/ports/caller.ts';
import type { CertificateAuthority } from '../../src/core/ports/certificate-authority.ts';
import type { Directory, ServicePrincipal } from '../../src/core/ports/directory.ts';
import type { MachineView } from '../../src/core/ports/machines.ts';
import type { EpochMillis, EpochSeconds } from '../../src/core/time.ts';
import { metadataServer } from '../../src/imds/metadata-server.ts';
import { openMetadataService } from '../../src/imds/metadata-service.ts';
import type { OpenScheduledEvents } from '../../src/imds/scheduled-events/scheduled-events.ts';
import { serveOrders } from '../http/serve.ts';

const machineId =
  '/subscriptions/5e0b7b5c-0000-4000-8000-000000000001/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/web-1';
const path = '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F';

serveOrders(() => ({ server: imdsServer(), paths: [path], headers: ['Metadata: true'] }));

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
      issuer: { issueManagedIdentityToken, isStanding: (token) => keys.has(token.kid) },
      directory: {
        servicePrincipal: (objectId: string) => principals.get(objectId.toLowerCase()),
      } as unknown as Directory,
      authority: {} as CertificateAuthority,
      scheduledEvents: {} as OpenScheduledEvents,
      clock: { now: () => Date.now() as EpochMillis },
      random: { uuid: randomUUID, bytes: randomBytes },
      signIns: { record: async () => undefined },
    }),
  );
  return createServer({ noDelay: true }, (socket) => accept(socket, machineId, unknownCaller));
}

const kid = randomBytes(20).toString('base64url');
const keys = new Map([[kid, {}]]);

/** A token of the length of a real one, for a day: it is asked for once. */
async function issueManagedIdentityToken() {
  const seconds = Math.floor(Date.now() / 1000);
  return {
    accessToken: randomBytes(1200).toString('base64url'),
    notBefore: (seconds - 300) as EpochSeconds,
    expiresOn: (seconds + 86_400) as EpochSeconds,
    kid,
    uti: 'u',
  };
}
