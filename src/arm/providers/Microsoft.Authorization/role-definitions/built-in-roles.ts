import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import table from './built-in-roles.json' with { type: 'json' };

/** A role as the table writes it: what most roles have alike is left out. */
interface BuiltInRole {
  readonly id: string;
  readonly roleName: string;
  readonly description: string;
  /** Default `/`. */
  readonly assignableScopes?: readonly string[];
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
  readonly condition?: string;
  readonly conditionVersion?: string;
}

const rows: readonly BuiltInRole[] = table.roles;

let loaded: readonly RoleDefinition[] | undefined;

/**
 * Azure's built-in roles that are shipped, with their true GUIDs and permissions; the table beside this file names its source.
 * Put together when they are first asked for: an idle host does without them.
 */
export function builtInRoles(): readonly RoleDefinition[] {
  loaded ??= rows.map(({ id, roleName, description, assignableScopes = ['/'], actions, ...rest }) => ({
    id,
    roleName,
    type: 'BuiltInRole',
    description,
    assignableScopes,
    permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [], ...rest }],
  }));
  return loaded;
}

/** Owner's GUID: the role whose last assignment at a subscription cannot be deleted. */
export const ownerRoleId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';

/** User Access Administrator's GUID: what an elevated Global Administrator has at the tenant. */
export const userAccessAdministratorRoleId = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';
