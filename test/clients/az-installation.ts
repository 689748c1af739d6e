import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The release of azure-cli that the client tests drive. */
export const azVersion = '2.91.0';

/** Everything that the client tests install; git ignores it. */
export const clientsFolder = resolve(import.meta.dirname, '../../.clients');

const azFolder = join(clientsFolder, 'az');
const azPython = join(azFolder, 'bin/python');

/** The installed `az`. */
export const azProgram = join(azFolder, 'bin/az');

/** Installs azure-cli from PyPI into a virtual environment of its own, unless that release is there already. */
export function installAz(): void {
  if (existsSync(azProgram) && installedVersion() === azVersion) return;
  mkdirSync(clientsFolder, { recursive: true });
  console.log(`installing azure-cli ${azVersion} into .clients/az (one to three minutes)`);
  execFileSync(systemPython(), ['-m', 'venv', '--clear', azFolder], { stdio: 'inherit' });
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  execFileSync(azPython, ['-m', 'pip', 'install', ...quiet, `azure-cli==${azVersion}`], { stdio: 'inherit' });
}

/** The folder that holds the Python under the virtual environment: machines must see it too. */
export function pythonFolder(): string {
  return execFileSync(azPython, ['-c', 'import sys; print(sys.base_prefix)'], { encoding: 'utf8' }).trim();
}

/** The system's own Python where it can make environments (machines see `/usr`), else the one on the path. */
export function systemPython(): string {
  const able = ['/usr/bin/python3', 'python3'].find((python) => {
    try {
      execFileSync(python, ['-c', 'import ensurepip, venv'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  if (able === undefined)
    throw new Error('No Python 3 that can make virtual environments was found: install python3-venv.');
  return able;
}

function installedVersion(): string | undefined {
  try {
    const ask = 'import importlib.metadata as m; print(m.version("azure-cli"))';
    return execFileSync(azPython, ['-c', ask], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
