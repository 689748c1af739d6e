import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Directory } from '../../core/ports/directory.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { formatServicePrincipal, servicePrincipalType } from './service-principal.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The most ids that one request may ask for. */
const maxIds = 1000;

/**
 * The directory objects of these ids that exist and are of the asked types, each with its `@odata.type`; the others are left
 * out. Refuses `Request_BadRequest` for a body that is not `{ids, types?}`.
 * @see https://learn.microsoft.com/graph/api/directoryobject-getbyids
 */
export function getByIds(body: Json | undefined, directory: Directory): readonly JsonObject[] | Refusal {
  const ids = isJsonObject(body) ? body['ids'] : undefined;
  if (!isTexts(ids) || ids.length === 0)
    return refuse('Request_BadRequest', "The body must have 'ids', a list of object ids.");
  if (ids.length > maxIds)
    return refuse('Request_BadRequest', `Too many ids: ${ids.length}; at most ${maxIds} are allowed.`);
  const malformed = ids.find((id) => !guid.test(id));
  if (malformed !== undefined) return refuse('Request_BadRequest', `Invalid GUID:${malformed}`);
  const types = isJsonObject(body) ? body['types'] : undefined;
  if (types !== undefined && !isTexts(types))
    return refuse('Request_BadRequest', "'types' must be a list of type names.");
  if (!includesPrincipals(types)) return [];
  return [...new Set(ids.map((id) => id.toLowerCase()))].flatMap((id) => formatObject(id, directory));
}

/** A directory object with its type; empty when there is none of this id. */
export function formatObject(objectId: string, directory: Directory): readonly JsonObject[] {
  const principal = directory.servicePrincipal(objectId);
  if (principal === undefined) return [];
  return [{ '@odata.type': servicePrincipalType, ...formatServicePrincipal(principal, directory.tenant.tenantId) }];
}

function includesPrincipals(types: readonly string[] | undefined): boolean {
  if (types === undefined || types.length === 0) return true;
  return types.some((type) => ['serviceprincipal', 'directoryobject'].includes(type.toLowerCase()));
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
