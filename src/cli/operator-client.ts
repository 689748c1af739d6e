import { dataPaths, resolveDataDir } from '../host/configuration.ts';
import { type OperatorError, operatorPaths } from '../host/operator/wire.ts';
import { type ExitStatus, exitStatus } from './exit-status.ts';
import type { Terminal } from './terminal.ts';

/** What asking the running Postern came to: its answer, or why there is none and what to exit with. */
export type Asked<T> = { readonly answer: T } | { readonly failed: string; readonly status: ExitStatus };

/** Asks the Postern that runs on a data directory. `query` values that are undefined are left out. */
export async function askOperator<T>(
  dataDir: string | undefined,
  path: keyof typeof operatorPaths,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<Asked<T>> {
  const root = resolveDataDir(dataDir);
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const target = `${operatorPaths[path]}?${new URLSearchParams(given)}`;
  try {
    const { status, body } = await get(dataPaths(root).operatorSocket, target);
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

async function get(socketPath: string, path: string): Promise<{ status: number; body: unknown }> {
  const [{ request }, { text }] = await Promise.all([import('node:http'), import('node:stream/consumers')]);
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, headers: { host: 'operator' } }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) }), reject);
    });
    asking.on('error', reject);
    asking.end();
  });
}
