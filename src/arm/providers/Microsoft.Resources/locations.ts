import type { JsonObject } from '../../../core/json.ts';
import { type Region, regions } from '../../../core/regions.ts';
import type { Operation } from '../../provider-contract.ts';

/** The regions, as `az account list-locations` shows them. */
export const locationOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/locations',
    permission: 'Microsoft.Resources/subscriptions/locations/read',
    handle: async ({ params }) => {
      const id = `/subscriptions/${params['subscriptionId']}`;
      return { status: 200, body: { value: regions.map((region) => formatLocation(region, id)) } };
    },
  },
];

/** @see Microsoft.Resources subscriptions swagger 2022-12-01, Location */
function formatLocation(region: Region, subscriptionId: string): JsonObject {
  const idOf = (name: string) => `${subscriptionId}/locations/${name}`;
  return {
    id: idOf(region.name),
    name: region.name,
    type: 'Region',
    displayName: region.displayName,
    regionalDisplayName: `(${region.geographyGroup}) ${region.displayName}`,
    metadata: {
      regionType: 'Physical',
      regionCategory: region.category,
      geography: region.geography,
      geographyGroup: region.geographyGroup,
      longitude: region.longitude,
      latitude: region.latitude,
      physicalLocation: region.physicalLocation,
      pairedRegion: region.paired === undefined ? [] : [{ name: region.paired, id: idOf(region.paired) }],
    },
  };
}
