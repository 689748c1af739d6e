import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Caller } from '../core/ports/caller.ts';
import { refuse } from '../core/refusal.ts';
import { metadataError } from './error-answer.ts';
import type { MetadataService } from './metadata-service.ts';
import { writeAnswer } from './write-answer.ts';

// Not `import`ed: an ES module import of node:http evaluates all of its exports, and with them 14 MB of undici.
const { createServer } = process.getBuiltinModule('node:http');

/** One HTTP server for every machine's metadata service. It never listens: sockets are brought to it. */
export interface MetadataServer {
  readonly server: Server;
  /**
   * Serves a socket that was opened inside this machine, by this caller. `hosts`: the only values of the header `Host` that are
   * taken, for a door that a browser reaches; by default all.
   */
  accept(socket: Socket, machineResourceId: string, caller: Caller, hosts?: readonly string[]): void;
  /** Ends every connection at once. */
  close(): void;
}

/** Where a connection comes from. */
interface Origin {
  readonly machineResourceId: string;
  readonly caller: Caller;
  readonly hosts: readonly string[] | undefined;
}

const foreignHost = refuse(
  'imdsForeignHost',
  "The header 'Host' must be the address of this endpoint: a web page whose name leads here is not answered",
);

/**
 * Opens the server. A socket that was not brought by `accept` belongs to no machine and is closed. `patienceMillis` is how
 * long a request may take to come in, and twice that how long a connection may be idle.
 */
export function metadataServer(service: MetadataService, patienceMillis = 30_000): MetadataServer {
  const originOf = new WeakMap<Socket, Origin>();
  const limits = {
    headersTimeout: patienceMillis,
    requestTimeout: patienceMillis,
    connectionsCheckingInterval: patienceMillis / 3,
  };
  const server = createServer(limits, (request, response) => {
    const origin = originOf.get(request.socket);
    if (origin === undefined) request.socket.destroy();
    else if (origin.hosts?.includes(request.headers.host ?? '') === false)
      writeAnswer(response, metadataError(foreignHost));
    else service.handle(request, response, origin.machineResourceId, origin.caller);
  });
  // No header may be hidden behind many others: the size of the head is what is limited.
  server.maxHeadersCount = 0;
  server.setTimeout(2 * patienceMillis);
  // That one says how long a connection may be idle. A second timer would be set and taken back with each answer.
  server.keepAliveTimeout = 0;
  // node:http looks after slow requests only from this event on, which a server that never listens does not have.
  server.emit('listening');

  return {
    server,
    accept(socket, machineResourceId, caller, hosts) {
      originOf.set(socket, { machineResourceId, caller, hosts });
      server.emit('connection', socket);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
