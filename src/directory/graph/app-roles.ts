import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { refuseRequest } from './ask.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a role's value may be: it stands in claim `roles`, which some readers split at spaces. */
const valuePattern = /^[\w!#$%&'()*+,\-./:;=?@^{|}~`]{1,250}$/;

/**
 * The roles that an application is to have, from `appRoles`. Refuses what is none, `DuplicateValue`, and to take away or change
 * one that is enabled (`CannotDeleteOrUpdateEnabledEntitlement`).
 * @see https://learn.microsoft.com/graph/api/resources/approle
 */
export function readAppRoles(value: Json, existing: Json | undefined): readonly JsonObject[] | Refusal {
  if (!Array.isArray(value)) return refuseValue();
  const roles: JsonObject[] = [];
  for (const entry of value as readonly Json[]) {
    const role = isJsonObject(entry) ? readRole(entry) : refuseValue();
    if (isRefusal(role)) return role;
    roles.push(role);
  }
  const ids = roles.map(({ id }) => id);
  const values = roles.map((role) => role['value']).filter((one) => one !== null);
  if (new Set(ids).size < ids.length || new Set(values).size < values.length) {
    return refuse('DuplicateValue', 'Request contains a property with duplicate values.', { target: 'appRoles' });
  }
  return refuseEnabled(roles, existing) ?? roles;
}

function readRole(entry: JsonObject): JsonObject | Refusal {
  const { id, allowedMemberTypes, displayName, description = null, value = null, isEnabled = true } = entry;
  if (typeof id !== 'string' || !guid.test(id)) return refuseRequest(`Invalid GUID:${String(id)}`);
  if (typeof displayName !== 'string' || displayName === '' || typeof isEnabled !== 'boolean') return refuseValue();
  if (value !== null && (typeof value !== 'string' || !valuePattern.test(value))) return refuseValue();
  if (description !== null && typeof description !== 'string') return refuseValue();
  const types = Array.isArray(allowedMemberTypes) ? allowedMemberTypes : [];
  if (types.length === 0 || types.some((type) => type !== 'User' && type !== 'Application')) return refuseValue();
  return {
    allowedMemberTypes: types,
    description,
    displayName,
    id: id.toLowerCase(),
    isEnabled,
    origin: 'Application',
    value,
  };
}

function refuseEnabled(roles: readonly JsonObject[], existing: Json | undefined): Refusal | undefined {
  const before = Array.isArray(existing) ? existing.filter(isJsonObject) : [];
  const broken = before.find((old) => {
    if (old['isEnabled'] !== true) return false;
    const now = roles.find(({ id }) => id === old['id']);
    return now === undefined || now['value'] !== old['value'];
  });
  if (broken === undefined) return undefined;
  const message = 'Property appRoles cannot be updated or deleted unless it is disabled first.';
  return refuse('CannotDeleteOrUpdateEnabledEntitlement', message);
}

function refuseValue(): Refusal {
  return refuseRequest("Invalid value specified for property 'appRoles' of resource 'Application'.");
}
