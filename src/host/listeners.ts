import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type Door, serveDoor } from '../http/node-door.ts';
import { publicNames } from '../http/public-names.ts';
import { serviceOf } from '../http/service-of.ts';
import { portTaken } from './taken.ts';
import type { KeyedCertificate } from './tls/authority.ts';

type Adapter = typeof import('@hono/node-server').getRequestListener;

/** What serves a request of the one origin. */
export type OriginFetch = Parameters<Adapter>[0];

/** What answers on the one origin: Resource Manager directly on node:http, everything through `fetch`. */
export interface OriginDoors {
  readonly arm: Door;
  readonly fetch: OriginFetch;
  /** Is told what a door throws. */
  readonly report: (error: unknown) => void;
}

/** The one HTTPS server: it listens on its own port and serves the connections that machines bring. */
export interface OriginListener {
  /** Opens the port; answers the one that it got. Throws `HostTaken` when it cannot be had. */
  listen(address: string, port: number): Promise<number>;
  /** Serves a connection that was opened inside a machine: TLS begins on it. */
  accept(socket: Socket): void;
  /** Lets requests in progress finish, for at most so long. */
  close(graceMillis: number): Promise<void>;
}

/** A client's connection is kept for so long between two requests. */
const keepAliveMillis = 75_000;

/** Makes the server; it serves nothing before it listens or is brought a connection. */
export function originListener(certificate: KeyedCertificate, chain: string, doors: OriginDoors): OriginListener {
  const server = createServer(
    {
      key: certificate.key,
      cert: `${certificate.certificate}\n${chain}`,
      minVersion: 'TLSv1.2',
      // Every client is asked for a certificate of ours and none needs one: whose tokens are bound to one, the services judge.
      ca: chain,
      requestCert: true,
      rejectUnauthorized: false,
    },
    serveOrigin(doors),
  );
  server.keepAliveTimeout = keepAliveMillis;
  // A client that speaks no TLS or distrusts the certificate is its own affair.
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return {
    listen: (address, port) => listen(server, address, port),
    accept(socket) {
      socket.on('error', () => socket.destroy());
      server.emit('connection', socket);
    },
    close: (graceMillis) => close(server, graceMillis),
  };
}

/** Serves the origin's requests, of any server of node:http's kind. */
export function serveOrigin({
  arm,
  fetch,
  report,
}: OriginDoors): (request: IncomingMessage, response: ServerResponse) => void {
  const serveArm = serveDoor(arm, report);
  let others: Promise<ReturnType<Adapter>> | undefined;
  return (request, response) => {
    if (serviceOf(request.headers.host ?? '', request.url ?? '/', publicNames) === 'arm')
      return serveArm(request, response);
    others ??= adapt(fetch);
    others.then((serve) => serve(request, response)).catch(report);
  };
}

/** The first request loads what turns it into a `Request`: an idle host does without the 14 MB of it. */
async function adapt(fetch: OriginFetch): Promise<ReturnType<Adapter>> {
  const { getRequestListener } = await import('@hono/node-server');
  return getRequestListener(fetch, { overrideGlobalObjects: false });
}

function listen(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(portTaken(error, address, port) ?? error));
    server.listen(port, address, () => {
      server.removeAllListeners('error');
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server, graceMillis: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMillis);
    const finish = () => {
      clearTimeout(cut);
      resolve();
    };
    if (!server.listening) {
      server.closeAllConnections();
      return finish();
    }
    server.close(finish);
    server.closeIdleConnections();
  });
}
