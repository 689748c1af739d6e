import { unknownCaller } from '../core/ports/caller.ts';
import type { DoorPorts, OpenDoor } from './door.ts';
import { listen } from './listen.ts';

/**
 * A machine's whole metadata service on a port of loopback, for clients that take its base URL from
 * `AZURE_POD_IDENTITY_AUTHORITY_HOST`. It asks for no secret, as 169.254.169.254 does not: whoever may connect to loopback on
 * this host may use the machine's identity.
 */
export async function openMetadataDoor(machineResourceId: string, ports: DoorPorts): Promise<OpenDoor> {
  const { createServer } = process.getBuiltinModule('node:net');
  const sockets = new Set<import('node:net').Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    if (!ports.isRunning(machineResourceId)) return void socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A page in a browser may give its own name this address: then that name is in its requests.
    const hosts = ['127.0.0.1', 'localhost'].map((host) => `${host}:${socket.localPort}`);
    ports.acceptMetadata(socket, machineResourceId, unknownCaller, hosts);
  });
  const { origin, close } = await listen(server);
  return {
    variables: { AZURE_POD_IDENTITY_AUTHORITY_HOST: origin },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await close();
    },
  };
}
