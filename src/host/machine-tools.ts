import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const packageRoot = resolve(import.meta.dirname, '../..');

/**
 * What machines show of the host beside its operating system, read-only: this package, `az` where `npm run clients` has
 * put it (with the Python that it runs on), and what was asked for.
 */
export function machineTools(asked: readonly string[]): readonly string[] {
  const az = join(packageRoot, '.clients/az');
  return [packageRoot, ...(existsSync(az) ? [az, ...pythonOf(az)] : []), ...asked.map((path) => resolve(path))];
}

/** The installation of the interpreter that a virtual environment links to. The system's own is shown anyway. */
function pythonOf(environment: string): readonly string[] {
  const link = join(environment, 'bin/python');
  if (!existsSync(link)) return [];
  const installation = dirname(dirname(realpathSync(link)));
  return installation.startsWith('/usr') ? [] : [installation];
}
