import { readFile, rename, writeFile } from 'node:fs/promises';
import { globalAdministratorAppRole } from '../arm/providers/Microsoft.Authorization/elevate-access.ts';
import type { ServicePrincipal } from '../core/ports/directory.ts';
import type { DirectoryOf } from './services.ts';

/** The administrator for clients outside the machines, as `admin.json` keeps it (mode 0600). */
export interface AdminCredentials {
  readonly objectId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const adminName = 'postern-admin';

/** Reading and writing the directory, and being its Global Administrator (elevateAccess). */
const adminAppRoles = [
  'Directory.Read.All',
  'Directory.ReadWrite.All',
  'Application.ReadWrite.All',
  'Group.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'AuditLog.Read.All',
  globalAdministratorAppRole,
];

/**
 * The administrator and its secret. Made on the first start; a secret whose file is gone (or was never written, after a
 * crash) is replaced by a new one, since the directory keeps only its hash.
 */
export async function ensureAdmin(directory: DirectoryOf, file: string): Promise<AdminCredentials> {
  const stored = await readCredentials(file);
  const existing = findAdmin(directory, stored?.objectId);
  // A data directory of an earlier version: its administrator has not everything that it shall have.
  for (const appRole of adminAppRoles) {
    if (existing?.appRoles.includes(appRole) === false) await directory.grantAppRole(existing.objectId, appRole);
  }
  if (existing !== undefined && stored?.objectId === existing.objectId) return stored;
  const request = { displayName: adminName, appRoles: adminAppRoles };
  const made = existing === undefined ? undefined : await directory.addSecret(existing.objectId);
  const { principal, secret } = made ?? (await directory.createApplicationPrincipal(request));
  const credentials = { objectId: principal.objectId, clientId: principal.appId, clientSecret: secret };
  await writeFile(`${file}.new`, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return credentials;
}

/** By its id, since others may take its name; by its name where the file with the id is gone: then the first who had it. */
function findAdmin(directory: DirectoryOf, objectId: string | undefined): ServicePrincipal | undefined {
  const applications = directory.servicePrincipals().filter((one) => one.servicePrincipalType === 'Application');
  const named = applications.filter((one) => one.displayName === adminName);
  const [first] = named.toSorted((a, b) => a.createdAt - b.createdAt);
  return applications.find((one) => one.objectId === objectId) ?? first;
}

async function readCredentials(file: string): Promise<AdminCredentials | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as AdminCredentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
