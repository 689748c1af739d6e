import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as a door reads it: what the Fetch API's `Request` has of the same names. */
export interface DoorRequest {
  readonly method: string;
  /** The request target as sent: the path and query. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** An answer that is complete; one with a body has its length among the headers. */
export interface DoorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A service that answers without the Fetch API's `Request` and `Response`, which cost more than the answer does. */
export type Door = (request: DoorRequest, connection: { readonly incoming: IncomingMessage }) => Promise<DoorAnswer>;

/** Serves a door on node:http. What it throws is told to `report`, and the connection ends. */
export function serveDoor(door: Door, report: (error: unknown) => void) {
  return (incoming: IncomingMessage, response: ServerResponse): void => {
    door(new ArrivingRequest(incoming), { incoming }).then(
      (answer) => write(response, answer),
      (error) => {
        report(error);
        incoming.socket.destroy();
      },
    );
  };
}

class ArrivingRequest implements DoorRequest {
  readonly method: string;
  readonly url: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly headers: DoorRequest['headers'];

  constructor(incoming: IncomingMessage) {
    this.method = incoming.method ?? 'GET';
    this.url = incoming.url ?? '/';
    this.body = incoming;
    this.headers = { get: (name) => headerOf(incoming, name) };
  }
}

function headerOf({ headers }: IncomingMessage, name: string): string | null {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}

function write(response: ServerResponse, { status, headers, body }: DoorAnswer): void {
  // A 204 has no length; every other answer without a body says that it is empty.
  const all = body === undefined && status !== 204 ? { ...headers, 'Content-Length': '0' } : headers;
  response.writeHead(status, all).end(body);
}
