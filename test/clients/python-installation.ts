import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientsFolder, systemPython } from './az-installation.ts';

/** The releases of the Azure SDK for Python that the client tests drive. */
export const pythonPackages: Readonly<Record<string, string>> = {
  'azure-identity': '1.27.0',
  'azure-mgmt-authorization': '4.0.0',
  'azure-mgmt-compute': '39.0.0',
  'azure-mgmt-msi': '7.1.0',
  'azure-mgmt-resource': '26.0.0',
  'azure-mgmt-resource-subscriptions': '1.0.0',
};

const folder = join(clientsFolder, 'python');
const installed = join(folder, 'installed.json');

/** The Python that has them. */
export const python = join(folder, 'bin/python');

/** Installs the packages from PyPI into a virtual environment of their own, unless those releases are there already. */
export function installPython(): void {
  const wanted = JSON.stringify(pythonPackages);
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return;
  mkdirSync(clientsFolder, { recursive: true });
  console.log('installing the Azure SDK for Python into .clients/python');
  execFileSync(systemPython(), ['-m', 'venv', '--clear', folder], { stdio: 'inherit' });
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  const releases = Object.entries(pythonPackages).map(([name, version]) => `${name}==${version}`);
  execFileSync(python, ['-m', 'pip', 'install', ...quiet, ...releases], { stdio: 'inherit' });
  writeFileSync(installed, wanted);
}
