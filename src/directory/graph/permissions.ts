import { type Refusal, refuse } from '../../core/refusal.ts';

const readers = [
  'Directory.Read.All',
  'Directory.ReadWrite.All',
  'Application.Read.All',
  'Application.ReadWrite.All',
  'Application.ReadWrite.OwnedBy',
] as const;

const groupReaders = [
  'Directory.Read.All',
  'Directory.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
] as const;

const applicationWriters = [
  'Application.ReadWrite.All',
  'Directory.ReadWrite.All',
  'Application.ReadWrite.OwnedBy',
] as const;

const groupWriters = ['Group.ReadWrite.All', 'Directory.ReadWrite.All'] as const;

/** What a route asks of its caller; the application permissions of which one is enough. */
export const graphPermissions = {
  readDirectory: readers,
  readOrganization: [...readers, 'Organization.Read.All'],
  readUsers: ['Directory.Read.All', 'Directory.ReadWrite.All', 'User.Read.All', 'User.ReadWrite.All'],
  readGroups: groupReaders,
  readMemberships: [...readers, ...groupReaders],
  writeApplications: applicationWriters,
  createGroups: ['Group.Create', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  writeGroups: groupWriters,
  writeDeletedItems: [...applicationWriters, ...groupWriters],
  writeMembers: ['Group.ReadWrite.All', 'GroupMember.ReadWrite.All', 'Directory.ReadWrite.All'],
  readSignIns: ['AuditLog.Read.All'],
  writeAppRoles: ['AppRoleAssignment.ReadWrite.All'],
  readGrants: [
    'DelegatedPermissionGrant.Read.All',
    'DelegatedPermissionGrant.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  writeGrants: ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The name of what a route asks; `none` asks for a token alone. */
export type GraphPermission = keyof typeof graphPermissions | 'none';

/** The permission that reaches no further than what its holder owns. */
const ownedOnly = 'Application.ReadWrite.OwnedBy';

/** Whether these application permissions include one that is enough. Refuses `Authorization_RequestDenied`. */
export function refusePermission(roles: readonly string[], permission: GraphPermission): Refusal | undefined {
  if (permission === 'none') return undefined;
  const enough: readonly string[] = graphPermissions[permission];
  return roles.some((role) => enough.includes(role)) ? undefined : refusePrivileges();
}

/** Whether the caller may change an application or service principal of these owners. Refuses as above. */
export function refuseOwnership(
  caller: { readonly roles: readonly string[]; readonly objectId: string },
  owners: readonly string[],
): Refusal | undefined {
  const reach: readonly string[] = graphPermissions.writeApplications.filter((role) => role !== ownedOnly);
  if (caller.roles.some((role) => reach.includes(role)) || owners.includes(caller.objectId)) return undefined;
  return refusePrivileges();
}

/** Graph's 403. */
export function refusePrivileges(): Refusal {
  return refuse('Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}
