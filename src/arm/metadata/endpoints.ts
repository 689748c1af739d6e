// `/metadata/endpoints`, where clients learn which cloud they talk to. Anonymous, and different by the host that was asked.

import type { JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { invalid, parseApiVersion } from '../api-version/api-version.ts';
import { type Cloud, cloudAt } from './cloud.ts';

/** The path of the endpoints document, as a template. */
export const metadataPath = '/metadata/endpoints';

const versions = ['2022-09-01', '2020-06-01', '2019-05-01', '2018-01-01', '2015-01-01', '1.0'];

/** Whether a path is the endpoints document's. */
export function isMetadataPath(segments: readonly string[]): boolean {
  return segments.length === 2 && `/${segments.join('/')}`.toLowerCase() === metadataPath;
}

/**
 * The endpoints document in the shape of the version that was asked for; no authentication. `locations` are the regions'
 * display names, which 2018-01-01 lists.
 * @see Azure CLI (2015-01-01, 2022-09-01), Azure PowerShell (1.0 in `Utilities/EnvironmentHelper.cs`, 2022-09-01, arrays),
 * terraform-provider-azurerm (2018-01-01, 2022-09-01)
 */
export function endpointsDocument(
  query: ReadonlyMap<string, string>,
  origin: string,
  locations: readonly string[],
): JsonObject | readonly JsonObject[] | Refusal {
  const cloud = cloudAt(origin);
  if (query.get('api-version')?.trim() === '1.0') return formatFirst(cloud);
  const version = parseApiVersion(query);
  if (isRefusal(version)) return version;
  if (version < '2015-01-01') return invalid(version, versions);
  if (version < '2018-01-01') return formatFirst(cloud);
  if (version < '2019-05-01') return { ...formatFirst(cloud), cloudEndpoint: formatLocations(cloud, locations) };
  return version < '2022-09-01' ? [formatCloud(cloud)] : formatCloud(cloud);
}

/** 2015-01-01, and 1.0 before it, the only version that is no date. */
function formatFirst({ resourceManager, graphAudience, portal, authentication }: Cloud): JsonObject {
  return {
    galleryEndpoint: resourceManager,
    graphEndpoint: graphAudience,
    graphAudience,
    portalEndpoint: portal,
    authentication: { loginEndpoint: authentication.loginEndpoint, audiences: authentication.audiences },
  };
}

/** 2018-01-01's regions, under the host name without a scheme by which azurerm finds its cloud. */
function formatLocations({ name, resourceManager }: Cloud, locations: readonly string[]): JsonObject {
  const endpoint = resourceManager.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return { [name === 'AzureCloud' ? 'public' : name]: { endpoint, locations } };
}

/** 2019-05-01 and later. */
function formatCloud({
  name,
  resourceManager,
  graph,
  graphAudience,
  portal,
  authentication,
  suffixes,
}: Cloud): JsonObject {
  return {
    name,
    portal,
    authentication: { ...authentication },
    resourceManager,
    graph: graphAudience,
    graphAudience,
    microsoftGraphResourceId: graph,
    gallery: resourceManager,
    suffixes,
  };
}
