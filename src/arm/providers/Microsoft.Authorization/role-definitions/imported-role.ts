import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { isGuid } from '../../../../core/rbac/guid.ts';
import type { RoleDefinition } from '../../../../core/rbac/role-definition.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { parseAssignableScopes } from './assignable-scopes.ts';
import { flaw } from './flaw.ts';
import { historyOf, type RoleHistory } from './role-body.ts';
import { parseNamed } from './wanted-role.ts';

/** A role of a file: where it stands there, and what it is. */
export interface ImportedRole {
  /** `entry 3 ('Virtual Machine Operator')`, counted from 1. */
  readonly entry: string;
  readonly role: RoleDefinition;
  readonly history: RoleHistory;
}

/**
 * Reads one entry of what `az role definition list` printed, flat as az prints it, or as Resource Manager answers it (under
 * `properties`). A refusal names the entry and the property.
 */
export function parseImportedRole(value: Json, at: number): ImportedRole | Refusal {
  const properties = isJsonObject(value) && isJsonObject(value['properties']) ? value['properties'] : value;
  const named = isJsonObject(properties) ? properties['roleName'] : undefined;
  const entry = `entry ${at + 1}${typeof named === 'string' ? ` ('${named.slice(0, 100)}')` : ''}`;
  const role =
    isJsonObject(value) && isJsonObject(properties)
      ? parseRole(value, properties)
      : flaw('InvalidRequestContent', 'roleName', 'the entry is not a role definition.');
  if (isRefusal(role)) return inEntry(role, entry);
  return { entry, role, history: historyOf(value as JsonObject) };
}

/** A refusal that says which entry of the file it is about. */
export function inEntry(refusal: Refusal, entry: string): Refusal {
  return { ...refusal, message: `${entry}: ${refusal.message}` };
}

function parseRole(value: JsonObject, properties: JsonObject): RoleDefinition | Refusal {
  const id = value['name'];
  if (typeof id !== 'string' || !isGuid(id)) {
    return flaw('InvalidRequestContent', 'name', 'it must be a GUID, as `az role definition list` prints it.');
  }
  const type = ['BuiltInRole', 'CustomRole'].find((one) => one === (properties['roleType'] ?? properties['type']));
  if (type === undefined) {
    return flaw('InvalidRequestContent', 'roleType', "it must be 'BuiltInRole' or 'CustomRole'.");
  }
  const named = parseNamed({ ...properties, description: properties['description'] ?? '' }, 'imported');
  if (isRefusal(named)) return named;
  const isCustom = type === 'CustomRole';
  const scopes = isCustom ? parseAssignableScopes(properties['assignableScopes']) : parseTexts(properties);
  if (isRefusal(scopes)) return scopes;
  return { id, type: isCustom ? 'CustomRole' : 'BuiltInRole', ...named, assignableScopes: scopes };
}

/** A built-in role is assignable everywhere or at a kind of resource; its scopes are Azure's own affair. */
function parseTexts(properties: JsonObject): readonly string[] | Refusal {
  const scopes = properties['assignableScopes'] ?? ['/'];
  const isList = Array.isArray(scopes) && (scopes as readonly Json[]).every((scope) => typeof scope === 'string');
  return isList
    ? (scopes as readonly string[])
    : flaw('InvalidRequestContent', 'assignableScopes', 'it must be a list of texts.');
}
