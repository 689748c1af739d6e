import type { JsonObject } from '../../core/json.ts';
import type { Refusal } from '../../core/refusal.ts';
import { refuseRequest } from './ask.ts';

const guidAtEnd = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * The object id in a reference, `{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{id}"}`, in lower case.
 * Refuses `Request_BadRequest` for what is none.
 */
export function readReference(body: JsonObject): string | Refusal {
  const reference = body['@odata.id'];
  const id = typeof reference === 'string' ? guidAtEnd.exec(reference)?.[1] : undefined;
  if (id !== undefined) return id.toLowerCase();
  return refuseRequest(
    `The body must have '@odata.id', the URL of a directory object, such as https://graph.microsoft.com/v1.0/directoryObjects/{id}.`,
  );
}

/** Graph's 400 for a reference that is there already. */
export function refuseRepeated(property: 'members' | 'owners'): Refusal {
  return refuseRequest(
    `One or more added object references already exist for the following modified properties: '${property}'.`,
  );
}
