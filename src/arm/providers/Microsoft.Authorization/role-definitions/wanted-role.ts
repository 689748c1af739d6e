import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import type { Permission } from '../../../../core/rbac/role-definition.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { parseAssignableScopes } from './assignable-scopes.ts';
import { flaw } from './flaw.ts';
import { parsePermissions, type Strictness } from './permission-list.ts';

/** What a custom role shall be. */
export interface WantedRole {
  readonly roleName: string;
  readonly description: string;
  readonly assignableScopes: readonly string[];
  readonly permissions: readonly Permission[];
}

/** Reads the body of a PUT of a role definition. Refuses as the parts do. */
export function parseWantedRole(body: Json | undefined): WantedRole | Refusal {
  const properties = isJsonObject(body) ? body['properties'] : undefined;
  if (!isJsonObject(properties)) {
    return refuse('InvalidRequestContent', "The request content must be an object with the property 'properties'.");
  }
  const type = properties['type'] ?? properties['roleType'] ?? 'CustomRole';
  if (typeof type !== 'string' || type.toLowerCase() !== 'customrole') {
    return flaw('InvalidRequestContent', 'type', "it must be 'CustomRole': built-in roles cannot be written.");
  }
  const assignableScopes = parseAssignableScopes(properties['assignableScopes']);
  if (isRefusal(assignableScopes)) return assignableScopes;
  const named = parseNamed(properties, 'written');
  return isRefusal(named) ? named : { ...named, assignableScopes };
}

/** Reads what every role has: its name, its description and its permissions. */
export function parseNamed(
  properties: JsonObject,
  strictness: Strictness,
): Omit<WantedRole, 'assignableScopes'> | Refusal {
  const roleName = properties['roleName'];
  if (typeof roleName !== 'string' || roleName.trim() === '' || roleName.length > 512) {
    return flaw('InvalidRequestContent', 'roleName', 'it must be a text of 1 to 512 characters.');
  }
  const description = properties['description'] ?? '';
  if (typeof description !== 'string' || description.length > 2048) {
    return flaw('InvalidRequestContent', 'description', 'it must be a text of at most 2048 characters.');
  }
  const permissions = parsePermissions(properties['permissions'], strictness);
  return isRefusal(permissions) ? permissions : { roleName, description, permissions };
}
