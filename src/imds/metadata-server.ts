import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { MetadataService } from './metadata-service.ts';

/** A connection on which nothing happens for so long is closed, in milliseconds. */
const idleTimeoutMillis = 60_000;

/** One HTTP server for every machine's metadata service. It never listens: sockets are brought to it. */
export interface MetadataServer {
  readonly server: Server;
  /** Serves a socket that was opened inside this machine. */
  accept(socket: Socket, machineResourceId: string): void;
  /** Ends every connection at once. */
  close(): void;
}

/** Opens the server. A socket that was not brought by `accept` belongs to no machine and is closed. */
export function metadataServer(service: MetadataService): MetadataServer {
  const machineOf = new WeakMap<Socket, string>();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const machineResourceId = machineOf.get(request.socket);
    if (machineResourceId === undefined) request.socket.destroy();
    else service.handle(request, response, machineResourceId);
  });
  // No header may be hidden behind many others: the size of the head is what is limited.
  server.maxHeadersCount = 0;
  server.setTimeout(idleTimeoutMillis);

  return {
    server,
    accept(socket, machineResourceId) {
      machineOf.set(socket, machineResourceId);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      server.emit('connection', socket);
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
