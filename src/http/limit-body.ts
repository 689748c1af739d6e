/** What serves a request: the shape of a Hono app's `fetch`. `connection` is what the listener knows of the socket. */
export type Fetch<Connection = unknown> = (request: Request, connection?: Connection) => Response | Promise<Response>;

/**
 * Serves requests whose body has at most `maxBytes`; the others are answered by `tooLarge`, those that declare their length
 * before any of it is read. A body of undeclared length is read here first.
 */
export function limitBody<Connection>(
  fetch: Fetch<Connection>,
  maxBytes: number,
  tooLarge: (request: Request) => Response,
): Fetch<Connection> {
  return async (request, connection) => {
    const length = request.headers.get('content-length');
    if (length !== null) return Number(length) > maxBytes ? tooLarge(request) : fetch(request, connection);
    if (!request.headers.has('transfer-encoding') && request.method === 'GET') return fetch(request, connection);
    const body = await readUpTo(request, maxBytes);
    if (body === 'tooLarge') return tooLarge(request);
    return fetch(body === undefined ? request : withBody(request, body), connection);
  };
}

/** The listener's requests are look-alikes of `Request`, from which no other can be made: so each part is named. */
function withBody({ url, method, headers }: Request, body: Uint8Array<ArrayBuffer>): Request {
  return new Request(url, { method, headers, body });
}

async function readUpTo(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | 'tooLarge' | undefined> {
  if (request.body === null) return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return 'tooLarge';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
