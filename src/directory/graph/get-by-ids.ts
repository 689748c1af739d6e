import type { Json, JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { type Ask, contextOf, type GraphAnswer, type GraphPorts, refuseRequest } from './ask.ts';
import { formatObjects } from './directory-object.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The most ids that one request may ask for. */
const maxIds = 1000;

/**
 * The directory objects of these ids that exist and are of the asked types, each with its `@odata.type`; the others are left
 * out. Refuses `Request_BadRequest` for a body that is not `{ids, types?}`.
 * @see https://learn.microsoft.com/graph/api/directoryobject-getbyids
 */
export function getByIds(ask: Ask, ports: GraphPorts): GraphAnswer {
  const ids = readIds(ask.body['ids'], 'ids');
  if (isRefusal(ids)) return ids;
  const { types } = ask.body;
  if (types !== undefined && !isTexts(types)) return refuseRequest("'types' must be a list of type names.");
  const value = formatObjects([...new Set(ids)], ports).filter((object) => isOfType(object, types));
  return { status: 200, body: { '@odata.context': contextOf(ask, 'directoryObjects'), value } };
}

/** A list of object ids in lower case. Refuses what is none, what is empty, and more than 1,000. */
export function readIds(value: Json | undefined, name: string): readonly string[] | Refusal {
  if (!isTexts(value) || value.length === 0) {
    return refuseRequest(`The body must have '${name}', a list of object ids.`);
  }
  if (value.length > maxIds) return refuseRequest(`Too many ids: ${value.length}; at most ${maxIds} are allowed.`);
  const malformed = value.find((id) => !guid.test(id));
  return malformed === undefined ? value.map((id) => id.toLowerCase()) : refuseRequest(`Invalid GUID:${malformed}`);
}

function isOfType(object: JsonObject, types: readonly string[] | undefined): boolean {
  if (types === undefined || types.length === 0) return true;
  const type = String(object['@odata.type']).replace('#microsoft.graph.', '').toLowerCase();
  return types.some((one) => ['directoryobject', type].includes(one.toLowerCase()));
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
