import type { JsonObject } from '../core/json.ts';
import { dataPaths, resolveDataDir } from '../host/configuration.ts';
import { type OperatorError, operatorPaths } from '../host/operator/wire.ts';
import { type ExitStatus, exitStatus } from './exit-status.ts';
import type { Terminal } from './terminal.ts';

/** What asking the running Postern came to: its answer, or why there is none and what to exit with. */
export type Asked<T> = { readonly answer: T } | { readonly failed: string; readonly status: ExitStatus };

/** What is asked for; values that are undefined are left out. As a list of pairs, names can occur again. */
export type OperatorQuery =
  | Readonly<Record<string, string | undefined>>
  | readonly (readonly [string, string | undefined])[];

/** Asks the Postern that runs on a data directory. */
export async function askOperator<T>(
  dataDir: string | undefined,
  path: keyof typeof operatorPaths,
  query: OperatorQuery = {},
): Promise<Asked<T>> {
  const pairs = Array.isArray(query) ? query : Object.entries(query);
  const given = pairs.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return send(dataDir, { path: `${operatorPaths[path]}?${new URLSearchParams(given)}` });
}

/** Tells the Postern that runs on a data directory to do something: `POST` with a JSON body. */
export async function tellOperator<T>(
  dataDir: string | undefined,
  path: keyof typeof operatorPaths,
  body: JsonObject,
): Promise<Asked<T>> {
  return send(dataDir, { path: operatorPaths[path], body: JSON.stringify(body) });
}

/** A request to the operator's API: with a body it is a POST. */
interface OperatorRequest {
  readonly path: string;
  readonly body?: string;
}

async function send<T>(dataDir: string | undefined, asked: OperatorRequest): Promise<Asked<T>> {
  const root = resolveDataDir(dataDir);
  try {
    const { status, body } = await exchange(dataPaths(root).operatorSocket, asked);
    if (status === 200) return { answer: body as T };
    return { failed: (body as OperatorError).error.message, status: exitStatus.failed };
  } catch (error) {
    return explainFailure(error as NodeJS.ErrnoException, root);
  }
}

/** Says why there is no answer; the exit status to end with. */
export function tellFailure(terminal: Terminal, asked: { failed: string; status: ExitStatus }): ExitStatus {
  terminal.err(`postern: ${asked.failed}`);
  return asked.status;
}

function explainFailure(error: NodeJS.ErrnoException, root: string): { failed: string; status: ExitStatus } {
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') {
    const start = root === resolveDataDir(undefined) ? 'postern up' : `postern up --data-dir ${root}`;
    return {
      failed: `no Postern is running on ${root}. Start one with \`${start}\`, or name its folder with --data-dir.`,
      status: exitStatus.notRunning,
    };
  }
  if (error.code === 'EACCES') {
    return { failed: `${root} belongs to another user; only who runs Postern may ask it.`, status: exitStatus.failed };
  }
  throw error;
}

async function exchange(
  socketPath: string,
  { path, body }: OperatorRequest,
): Promise<{ status: number; body: unknown }> {
  const [{ request }, { text }] = await Promise.all([import('node:http'), import('node:stream/consumers')]);
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const asking = request({ socketPath, path, method, headers: { host: 'operator' } }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: JSON.parse(answer) }), reject);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
