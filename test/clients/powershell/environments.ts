// Environments: discovered when the module loads or by Add-AzEnvironment -AutoDiscover, and added with -ARMEndpoint.

import { checkReads } from './check-reads.ts';
import { discoveredCloud, firstMetadata } from './reads.ts';
import { send } from './send.ts';
import type { Cmdlet, Environment, Outcome, Session } from './session.ts';

interface FirstMetadata {
  readonly authentication: { readonly loginEndpoint: string; readonly audiences: readonly [string, ...string[]] };
}

interface DiscoveredCloud extends FirstMetadata {
  readonly name: string;
  readonly resourceManager: string;
  readonly microsoftGraphResourceId?: string;
}

/** `-ARMEndpoint URI` (with the api-version that the release sends) or `-AutoDiscover -Uri URI`. */
export const addEnvironment: Cmdlet = async (session, { Name, ARMEndpoint, AutoDiscover, Uri, metadataVersion }) => {
  if (AutoDiscover === true) return withEnvironments(session, await discoverEnvironments(String(Uri)));
  const url = `${String(ARMEndpoint).replace(/\/+$/, '').toLowerCase()}/metadata/endpoints?api-version=${metadataVersion}`;
  const { body } = await send({ method: 'GET', url, accepts: [200] });
  const { authentication } = checkReads<FirstMetadata>(body, firstMetadata);
  const login = authentication.loginEndpoint.replace(/\/+$/, '');
  const environment = {
    name: String(Name),
    resourceManagerUrl: String(ARMEndpoint),
    activeDirectoryAuthority: `${login}/`,
    serviceEndpointResourceId: authentication.audiences[0],
    onPremise: /\/adfs$/i.test(login),
  };
  return withEnvironments(session, [environment]);
};

/** The clouds of a metadata document: 2022-09-01 is one, earlier versions are a list. Only 200 is an answer. */
export async function discoverEnvironments(uri: string): Promise<readonly Environment[]> {
  const { body } = await send({ method: 'GET', url: uri, accepts: [200] });
  const clouds: readonly unknown[] = Array.isArray(body) ? body : [body];
  return clouds.map((cloud) => toEnvironment(checkReads<DiscoveredCloud>(cloud, discoveredCloud)));
}

/** Microsoft Graph's address is its resource id without the slash at the end, and unknown when there is none. */
function toEnvironment(cloud: DiscoveredCloud): Environment {
  const { name, resourceManager, authentication, microsoftGraphResourceId: graph } = cloud;
  return {
    name,
    resourceManagerUrl: resourceManager,
    activeDirectoryAuthority: authentication.loginEndpoint,
    serviceEndpointResourceId: authentication.audiences[0],
    ...(graph?.endsWith('/') ? { microsoftGraphResourceId: graph, microsoftGraphUrl: graph.replace(/\/+$/, '') } : {}),
    onPremise: false,
  };
}

function withEnvironments(session: Session, added: readonly Environment[]): Outcome {
  const environments = { ...session.environments, ...Object.fromEntries(added.map((one) => [one.name, one])) };
  return { output: added, session: { ...session, environments } };
}
