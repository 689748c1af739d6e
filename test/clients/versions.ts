import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { azVersion } from './az-installation.ts';
import { pythonPackages } from './python-installation.ts';

const manifest = resolve(import.meta.dirname, '../../package.json');
const { devDependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { devDependencies: Record<string, string> };

/** PowerShell's modules are not run but played; the files that were read carry no one release's number. */
const publishedSource = 'published source';

const others: Readonly<Record<string, string>> = {
  az: azVersion,
  ...pythonPackages,
  curl: 'of the system',
  openssl: 'of the system',
  'Az.Accounts (played)': publishedSource,
  'Az.Compute (played)': publishedSource,
  'Az.Resources (played)': publishedSource,
};

/** The release of a client that the tests drive; undefined for what is no client of theirs. */
export function versionOf(client: string): string | undefined {
  return others[client] ?? (client.startsWith('@azure/') ? devDependencies[client] : undefined);
}
