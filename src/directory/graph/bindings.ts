import type { JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { refuseRequest } from './ask.ts';
import { readReference } from './reference.ts';

/** The most references that one request may bind. @see https://learn.microsoft.com/graph/api/group-post-members */
const maxBound = 20;

/**
 * The object ids that a body binds: `"members@odata.bind": ["https://graph.microsoft.com/v1.0/directoryObjects/{id}"]`. None when
 * it binds none. Refuses what is no list of references, more than 20, and one named twice.
 */
export function readBindings(body: JsonObject, property: 'members' | 'owners'): readonly string[] | Refusal {
  const bound = body[`${property}@odata.bind`];
  if (bound === undefined) return [];
  if (!Array.isArray(bound))
    return refuseRequest(`'${property}@odata.bind' must be a list of URLs of directory objects.`);
  if (bound.length > maxBound) {
    return refuseRequest(`'${property}@odata.bind' has ${bound.length} references; at most ${maxBound} are allowed.`);
  }
  const ids: string[] = [];
  for (const reference of bound) {
    const id = readReference({ '@odata.id': reference });
    if (isRefusal(id)) return id;
    ids.push(id);
  }
  if (new Set(ids).size === ids.length) return ids;
  return refuse('DuplicateValue', 'Request contains a property with duplicate values.');
}
