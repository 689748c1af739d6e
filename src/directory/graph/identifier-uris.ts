import type { Json } from '../../core/json.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Application } from '../application.ts';
import { type GraphPorts, refuseRequest } from './ask.ts';

/** The app-id URIs that an application is to have: absolute, each once, and no other application's. */
export function readUris(
  value: Json | undefined,
  { objectId }: Application,
  { directory }: GraphPorts,
): readonly string[] | Refusal {
  if (!Array.isArray(value) || value.some((uri) => typeof uri !== 'string')) {
    return refuseRequest("Invalid value specified for property 'identifierUris' of resource 'Application'.");
  }
  const uris = value as readonly string[];
  const wrong = uris.find((uri) => !URL.canParse(uri) || uri.length > 255);
  if (wrong !== undefined) {
    return refuseRequest(
      `Values of identifierUris property must be absolute URIs such as api://${objectId}: '${wrong}'`,
    );
  }
  const folded = uris.map((uri) => uri.toLowerCase());
  if (new Set(folded).size < folded.length) {
    return refuse('DuplicateValue', 'Request contains a property with duplicate values.', { target: 'identifierUris' });
  }
  const others = directory.applications.all().filter((other) => other.objectId !== objectId);
  const taken = others.some((other) => other.identifierUris.some((uri) => folded.includes(uri.toLowerCase())));
  return taken ? refuseRequest('Another object with the same value for property identifierUris already exists.') : uris;
}
