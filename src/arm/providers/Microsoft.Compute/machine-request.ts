import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { parseTags, type Tags } from '../../../core/tags.ts';
import { parseProperties } from './machine-properties.ts';

/** A PUT or PATCH body, checked. What is undefined was not in it. */
export interface MachineRequest {
  /** As written. */
  readonly location: Json | undefined;
  readonly tags: Tags | undefined;
  readonly properties: JsonObject;
  readonly identity: Json | undefined;
  /** `zones`, `plan`, `extendedLocation`, `placement`: kept as they came. */
  readonly others: JsonObject;
}

const kept = ['zones', 'plan', 'extendedLocation', 'placement'];

/** Reads a body. Refuses `InvalidRequestContent`, and what tags and properties refuse. */
export function parseMachineRequest(body: Json | undefined): MachineRequest | Refusal {
  if (!isJsonObject(body)) {
    return refuse('InvalidRequestContent', 'The request content was invalid: the body must be a JSON object.');
  }
  const tags = parseTags(body['tags']);
  if (isRefusal(tags)) return tags;
  const properties = parseProperties(body['properties']);
  if (isRefusal(properties)) return properties;
  const others = Object.entries(body).filter(([name, value]) => kept.includes(name) && value !== null);
  return {
    location: body['location'] ?? undefined,
    tags: body['tags'] === undefined || body['tags'] === null ? undefined : tags,
    properties,
    identity: body['identity'] ?? undefined,
    others: Object.fromEntries(others),
  };
}
