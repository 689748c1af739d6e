import type { Json, JsonObject } from '../../core/json.ts';
import { parseLocation } from '../../core/location.ts';
import type { Refusal } from '../../core/refusal.ts';
import { isRefusal } from '../../core/refusal.ts';
import { locationFixed } from './generic-refusals.ts';
import type { GenericType } from './manifest.ts';

/**
 * The region that a resource has after a request: asked for, or held before; none for a type that has none. What is not of one region says `global`.
 * Refuses `LocationRequired`, `LocationNotAvailableForResourceType`, and `InvalidResourceLocation` for another than it has.
 */
export function decideLocation(
  { namespace, type, located, tracked }: GenericType,
  resourceId: string,
  asked: Json | undefined,
  before: JsonObject | undefined,
): string | undefined | Refusal {
  const held = typeof before?.['location'] === 'string' ? before['location'] : undefined;
  if (!located) return undefined;
  if (asked === undefined || asked === null) {
    return held !== undefined || !tracked || before !== undefined ? held : parseLocation(undefined, type);
  }
  const location = isGlobal(asked) ? 'global' : parseLocation(asked, `${namespace}/${type}`);
  if (isRefusal(location) || held === undefined || location === held) return location;
  return locationFixed(resourceId, held, location);
}

function isGlobal(location: Json): boolean {
  return typeof location === 'string' && location.toLowerCase() === 'global';
}
