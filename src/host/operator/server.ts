import { chmod, mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage, Server } from 'node:http';
import { dirname } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { maxOperatorBodyBytes } from './wire.ts';

// Not `import`ed: an ES module import of node:http evaluates all of its exports, and with them 14 MB of undici.
const { createServer } = process.getBuiltinModule('node:http');

/** What one endpoint of the operator's API answers. `body` is what a POST brought (`{}` without one). */
export type OperatorHandler = (query: URLSearchParams, body: JsonObject) => Promise<object | Refusal>;

/** The operator's API, by method and path: `GET /status`. */
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
    answer(routes, request).then(({ status, body }) => {
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

async function answer(routes: OperatorRoutes, request: IncomingMessage): Promise<OperatorAnswer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://operator');
  const handler = findHandler(routes, request.method ?? 'GET', pathname);
  if (isRefusal(handler)) return refusal(handler.refused === 'NotFound' ? 404 : 405, handler);
  try {
    const body = request.method === 'POST' ? await readBody(request) : {};
    const result = isRefusal(body) ? body : await handler(searchParams, body);
    return isRefusal(result) ? refusal(400, result) : { status: 200, body: result };
  } catch (error) {
    return refusal(500, refuse('InternalServerError', `Postern failed: ${String(error)}`));
  }
}

function findHandler(routes: OperatorRoutes, method: string, path: string): OperatorHandler | Refusal {
  const handler = Object.hasOwn(routes, `${method} ${path}`) ? routes[`${method} ${path}`] : undefined;
  if (handler !== undefined) return handler;
  const methods = Object.keys(routes).filter((route) => route.endsWith(` ${path}`));
  if (methods.length === 0) return refuse('NotFound', `The operator's API has no ${path}.`);
  const allowed = methods.map((route) => route.split(' ')[0]).join(' or ');
  return refuse('HttpMethodNotAllowed', `${path} takes ${allowed}, not ${method}.`);
}

/** Reads a JSON object, or nothing at all as an empty one. Refuses `InvalidRequestContent`. */
async function readBody(request: IncomingMessage): Promise<JsonObject | Refusal> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maxOperatorBodyBytes) chunks.push(chunk);
  }
  if (bytes > maxOperatorBodyBytes) {
    return refuse('InvalidRequestContent', `The body has ${bytes} bytes; at most ${maxOperatorBodyBytes} are read.`);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const json = text === '' ? {} : parseJson(text);
  return isJsonObject(json) ? json : refuse('InvalidRequestContent', 'The body is not a JSON object.');
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function refusal(status: number, { refused, message }: Refusal): { status: number; body: JsonObject } {
  return { status, body: { error: { code: refused, message } } };
}
