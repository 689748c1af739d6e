import { chmod, mkdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { dirname } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';

// Not `import`ed: an ES module import of node:http evaluates all of its exports, and with them 14 MB of undici.
const { createServer } = process.getBuiltinModule('node:http');

/** What one path of the operator's API answers. */
export type OperatorHandler = (query: URLSearchParams) => Promise<object | Refusal>;

/** The operator's API, by path. */
export type OperatorRoutes = Readonly<Record<string, OperatorHandler>>;

/** The longest path that a Unix socket can have, without its terminating zero. @see unix(7) */
const longestSocketPath = 107;

/**
 * Serves the operator's API on a Unix socket that only the user who runs Postern can reach. A socket left by a process
 * that was killed is replaced: the data directory's lock has shown that nobody serves it.
 */
export async function serveOperator(socketPath: string, routes: OperatorRoutes): Promise<Server> {
  if (Buffer.byteLength(socketPath) > longestSocketPath) {
    throw new Error(
      `The data directory's path is too long: ${socketPath} must not have more than ${longestSocketPath} bytes.`,
    );
  }
  await mkdir(dirname(socketPath), { recursive: true, mode: 0o700 });
  await chmod(dirname(socketPath), 0o700);
  await rm(socketPath, { force: true });
  const server = createServer((request, response) => {
    answer(routes, request.method, request.url ?? '/').then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return server;
}

interface OperatorAnswer {
  readonly status: number;
  readonly body: object;
}

async function answer(routes: OperatorRoutes, method: string | undefined, url: string): Promise<OperatorAnswer> {
  const { pathname, searchParams } = new URL(url, 'http://operator');
  const handler = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
  if (handler === undefined) return refusal(404, refuse('NotFound', `The operator's API has no ${pathname}.`));
  if (method !== 'GET') return refusal(405, refuse('HttpMethodNotAllowed', `${pathname} is read with GET.`));
  try {
    const result = await handler(searchParams);
    return isRefusal(result) ? refusal(400, result) : { status: 200, body: result };
  } catch (error) {
    return refusal(500, refuse('InternalServerError', `Postern failed: ${String(error)}`));
  }
}

function refusal(status: number, { refused, message }: Refusal): { status: number; body: JsonObject } {
  return { status, body: { error: { code: refused, message } } };
}
