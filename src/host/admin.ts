import { readFile, rename, writeFile } from 'node:fs/promises';
import type { DirectoryOf } from './services.ts';

/** The administrator for clients outside the machines, as `admin.json` keeps it (mode 0600). */
export interface AdminCredentials {
  readonly objectId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const adminName = 'postern-admin';

/**
 * The administrator and its secret. Made on the first start; a secret whose file is gone (or was never written, after a
 * crash) is replaced by a new one, since the directory keeps only its hash.
 */
export async function ensureAdmin(directory: DirectoryOf, file: string): Promise<AdminCredentials> {
  const existing = directory
    .servicePrincipals()
    .find((one) => one.displayName === adminName && one.servicePrincipalType === 'Application');
  const stored = await readCredentials(file);
  if (existing !== undefined && stored?.objectId === existing.objectId) return stored;
  const request = { displayName: adminName, appRoles: ['Directory.Read.All'] };
  const made = existing === undefined ? undefined : await directory.addSecret(existing.objectId);
  const { principal, secret } = made ?? (await directory.createApplicationPrincipal(request));
  const credentials = { objectId: principal.objectId, clientId: principal.appId, clientSecret: secret };
  await writeFile(`${file}.new`, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return credentials;
}

async function readCredentials(file: string): Promise<AdminCredentials | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as AdminCredentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
