import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';

// Not `import`ed: an ES module import of node:http evaluates all of its exports, and with them 14 MB of undici.
const { createServer } = process.getBuiltinModule('node:http');

/** What a door answers. */
export interface DoorReply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A listener on loopback. */
export interface Listening {
  /** `http://127.0.0.1:{port}`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves a door on a port of loopback that the system chooses. What `answer` throws is answered 500 without detail. */
export function serve(answer: (request: IncomingMessage) => Promise<DoorReply>): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(request).then(
      (reply) => write(response, reply),
      () => write(response, { status: 500, body: { statusCode: 500, message: 'The door failed to answer.' } }),
    );
  });
  return listen(server);
}

/** Opens a server on loopback. */
export function listen(server: Server | NetServer): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ origin: `http://127.0.0.1:${port}`, close: () => close(server) });
    });
  });
}

function write(response: ServerResponse, { status, body, headers }: DoorReply): void {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': length,
    ...headers,
  });
  response.end(text);
}

function close(server: Server | NetServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
