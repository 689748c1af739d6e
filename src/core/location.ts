import type { Json } from './json.ts';
import { type Refusal, refuse } from './refusal.ts';
import { findRegion, regions } from './regions.ts';

/**
 * A body's `location` as the region's name (`East US` is `eastus`). Refuses `LocationRequired` when there is none and
 * `LocationNotAvailableForResourceType` for what is no region.
 */
export function parseLocation(value: Json | undefined, resourceType: string): string | Refusal {
  if (typeof value !== 'string' || value.trim() === '') {
    return refuse('LocationRequired', 'The location property is required for this definition.', { target: 'location' });
  }
  const region = findRegion(value);
  if (region !== undefined) return region.name;
  return refuse(
    'LocationNotAvailableForResourceType',
    `The provided location '${value}' is not available for resource type '${resourceType}'. List of available regions for the resource type is '${regions.map(({ name }) => name).join(',')}'.`,
    { target: 'location' },
  );
}
