import type { Json } from '../../../../core/json.ts';
import type { Write } from '../../../../core/ports/store.ts';
import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { checkAssignableScopes } from './assignable-scopes.ts';
import { findRole, listRoles, roleKey } from './find-role.ts';
import { flaw } from './flaw.ts';
import { type ImportedRole, inEntry, parseImportedRole } from './imported-role.ts';
import { maxCustomRoles } from './put-role.ts';
import { formatRole } from './role-body.ts';
import { claimRoleName, releaseRoleName, takeRoleName } from './role-names.ts';

type Ports = Pick<ProviderContext, 'store' | 'hierarchy'>;

/** What an import came to. */
export interface ImportOutcome {
  readonly builtIn: number;
  readonly custom: number;
  /** Roles that were here already, just so. */
  readonly unchanged: number;
}

/**
 * Imports the roles that `az role definition list` printed, all of them or none: built-in roles become built-in roles of this
 * installation, in place of shipped ones of the same GUID, and custom ones custom roles of the tenant. A refusal says which
 * entry it is about.
 */
export async function importRoles(ports: Ports, entries: readonly Json[]): Promise<ImportOutcome | Refusal> {
  const roles = parseEntries(entries);
  if (isRefusal(roles)) return roles;
  const refusal = await checkRoles(ports, roles);
  if (refusal !== undefined) return refusal;
  const plans: (Plan | undefined)[] = [];
  for (const one of roles) {
    const plan = await planRole(ports, one, roles);
    if (isRefusal(plan)) return inEntry(plan, one.entry);
    plans.push(plan);
  }
  const changed = plans.filter((plan) => plan !== undefined);
  // What is let go of goes before what is claimed: two roles may have changed names with each other.
  const writes = [...changed.flatMap(({ releases }) => releases), ...changed.flatMap(({ puts }) => puts)];
  if (writes.length > 0 && 'conflict' in (await ports.store.transact(writes))) {
    return refuse(
      'Conflict',
      'Roles were changed by others while these were imported. Nothing was imported: try again.',
    );
  }
  const custom = changed.filter(({ isCustom }) => isCustom).length;
  return { builtIn: changed.length - custom, custom, unchanged: roles.length - changed.length };
}

function parseEntries(entries: readonly Json[]): readonly ImportedRole[] | Refusal {
  const roles: ImportedRole[] = [];
  const seen = new Map<string, string>();
  for (const [at, value] of entries.entries()) {
    const parsed = parseImportedRole(value, at);
    if (isRefusal(parsed)) return parsed;
    const { role, entry } = parsed;
    for (const [property, text] of [['name', role.id] as const, ['roleName', role.roleName] as const]) {
      const other = seen.get(`${property} ${text.toLowerCase()}`);
      if (other !== undefined) {
        return inEntry(flaw('InvalidRequestContent', property, `'${text}' is that of ${other} too.`), entry);
      }
      seen.set(`${property} ${text.toLowerCase()}`, entry);
    }
    roles.push(parsed);
  }
  return roles;
}

async function checkRoles(ports: Ports, roles: readonly ImportedRole[]): Promise<Refusal | undefined> {
  const custom = roles.filter(({ role }) => role.type === 'CustomRole');
  for (const { role, entry } of custom) {
    const missing = await checkAssignableScopes(ports, role.assignableScopes);
    if (missing !== undefined) return inEntry(missing, entry);
  }
  if (custom.length === 0) return undefined;
  const kept = (await listRoles(ports.store)).filter(({ role }) => role.type === 'CustomRole');
  const ids = new Set([...kept, ...custom].map(({ role }) => role.id.toLowerCase()));
  if (ids.size <= maxCustomRoles) return undefined;
  return refuse(
    'RoleDefinitionLimitExceeded',
    `There would be ${ids.size} custom roles; at most ${maxCustomRoles} are kept.`,
  );
}

interface Plan {
  readonly isCustom: boolean;
  readonly releases: readonly Write[];
  readonly puts: readonly Write[];
}

/** The writes of one role; none when it is here just so. */
async function planRole(
  { store }: Ports,
  { role, history }: ImportedRole,
  roles: readonly ImportedRole[],
): Promise<Plan | Refusal | undefined> {
  const found = await findRole(store, role.id);
  if (found !== undefined && found.role.type !== role.type) {
    return flaw('InvalidRequestContent', 'roleType', `the role with this GUID is a ${found.role.type} here.`);
  }
  if (found !== undefined && isSame(found.role, role)) return undefined;
  const claim = await claimRoleName(store, role.roleName, role.id);
  if ('takenBy' in claim && !isRenamed(claim.takenBy, role.roleName, roles)) {
    return flaw('RoleDefinitionWithSameNameExists', 'roleName', `it is the name of the role ${claim.takenBy} already.`);
  }
  const when = found?.document === undefined ? { absent: true as const } : { etag: found.document.etag };
  const former = found?.document === undefined ? undefined : found.role.roleName;
  return {
    isCustom: role.type === 'CustomRole',
    releases: releaseRoleName(former, role.roleName),
    puts: [
      { put: roleKey(role.id), body: formatRole(role, '/', history), when },
      'write' in claim ? claim.write : takeRoleName(role.roleName, role.id),
    ],
  };
}

/** Whether two roles are the same but for when they were made: az writes times otherwise than Resource Manager. */
function isSame(a: RoleDefinition, b: RoleDefinition): boolean {
  return JSON.stringify(formatRole(a, '/')) === JSON.stringify(formatRole({ ...b, id: a.id }, '/'));
}

/** Whether the role that has the name has another one in the same file. */
function isRenamed(guid: string, roleName: string, roles: readonly ImportedRole[]): boolean {
  const other = roles.find(({ role }) => role.id.toLowerCase() === guid.toLowerCase());
  return other !== undefined && other.role.roleName.toLowerCase() !== roleName.toLowerCase();
}
