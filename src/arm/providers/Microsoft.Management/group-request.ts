import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { checkDisplayName, checkGroupName } from '../../../core/management/group-name.ts';
import { managementGroupOf } from '../../../core/management/management-group.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { foldId } from '../../../core/resource-id.ts';

/** What a PUT or PATCH asks of a management group: what is left out stays. */
export interface GroupRequest {
  readonly displayName?: string;
  /** The name of the group that it is to lie in. */
  readonly parent?: string;
}

/** Reads a PUT: `properties.displayName` and `properties.details.parent.id`. Refuses `BadRequest`. */
export function parseGroupPut(name: string, body: Json | undefined): GroupRequest | Refusal {
  const wrong = checkGroupName(name);
  if (wrong !== undefined) return wrong;
  const given = objectOf(body);
  if (typeof given['name'] === 'string' && given['name'].toLowerCase() !== name.toLowerCase()) {
    return refuse('BadRequest', `The name '${given['name']}' in the request content is not '${name}', as in the URL.`);
  }
  const properties = objectOf(given['properties']);
  const parent = objectOf(objectOf(properties['details'])['parent'])['id'];
  return parseFields(properties['displayName'], parent);
}

/** Reads a PATCH: `displayName` and `parentGroupId`. Refuses `BadRequest`. */
export function parseGroupPatch(body: Json | undefined): GroupRequest | Refusal {
  const given = objectOf(body);
  return parseFields(given['displayName'], given['parentGroupId']);
}

function parseFields(displayName: Json | undefined, parentId: Json | undefined): GroupRequest | Refusal {
  const shown = isGiven(displayName) ? parseDisplayName(displayName) : undefined;
  if (isRefusal(shown)) return shown;
  const parent = isGiven(parentId) ? parseParent(parentId) : undefined;
  if (isRefusal(parent)) return parent;
  return { ...(shown === undefined ? {} : { displayName: shown }), ...(parent === undefined ? {} : { parent }) };
}

function parseDisplayName(value: Json): string | Refusal {
  if (typeof value !== 'string') return refuse('BadRequest', "The 'displayName' must be a string.");
  return checkDisplayName(value) ?? value;
}

/** The name that a management group's id ends in, as written. */
function parseParent(id: Json): string | Refusal {
  const folded = typeof id === 'string' ? foldId(id) : '';
  const name = managementGroupOf(folded);
  if (name !== undefined && folded.endsWith(`/${name}`)) return String(id).replace(/\/+$/, '').slice(-name.length);
  return refuse(
    'BadRequest',
    `The parent '${typeof id === 'string' ? id : JSON.stringify(id)}' is not valid. It must be like /providers/Microsoft.Management/managementGroups/{groupId}.`,
  );
}

function isGiven(value: Json | undefined): value is Json {
  return value !== undefined && value !== null && value !== '';
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
