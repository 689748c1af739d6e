/** The access tokens that a resource takes: `1` or `2` (an application's `requestedAccessTokenVersion`). */
export type TokenVersion = 1 | 2;

/** A Microsoft service that every tenant knows as a resource. */
export interface KnownResource {
  readonly displayName: string;
  /** The service's application id, where Microsoft documents it; also a name of the resource. */
  readonly appId?: string;
  readonly tokenVersion: TokenVersion;
  /** Its resource URIs, without a trailing slash: each is known with and without one. */
  readonly uris: readonly string[];
  /** Host suffixes whose `https` hosts are names of the resource too. */
  readonly hostSuffixes?: readonly string[];
}

/** Azure Resource Manager's application id. */
export const resourceManagerAppId = '797f4846-ba00-4fd7-ba43-dac1f8f63013';

/** Microsoft Graph's application id. */
export const graphAppId = '00000003-0000-0000-c000-000000000000';

/**
 * The resources that every tenant knows. The list is not all of Microsoft's: an entry is here when a public document names it.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/services-id-authentication-support
 * @see https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
export const knownResources: readonly KnownResource[] = [
  {
    displayName: 'Windows Azure Service Management API',
    appId: resourceManagerAppId,
    tokenVersion: 1,
    uris: ['https://management.azure.com', 'https://management.core.windows.net'],
  },
  { displayName: 'Microsoft Graph', appId: graphAppId, tokenVersion: 1, uris: ['https://graph.microsoft.com'] },
  {
    displayName: 'Windows Azure Active Directory',
    appId: '00000002-0000-0000-c000-000000000000',
    tokenVersion: 1,
    uris: ['https://graph.windows.net'],
  },
  {
    displayName: 'Azure Key Vault',
    appId: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
    tokenVersion: 1,
    uris: ['https://vault.azure.net', 'https://managedhsm.azure.net'],
    hostSuffixes: ['.vault.azure.net', '.managedhsm.azure.net'],
  },
  {
    displayName: 'Azure Storage',
    appId: 'e406a681-f3d4-42a8-90b6-c2b029497af1',
    tokenVersion: 1,
    uris: ['https://storage.azure.com'],
    hostSuffixes: ['blob', 'queue', 'table', 'file', 'dfs'].map((service) => `.${service}.core.windows.net`),
  },
  {
    displayName: 'Azure SQL Database',
    appId: '022907d3-0f1b-48f7-badc-1ba6abab6d66',
    tokenVersion: 1,
    uris: ['https://database.windows.net'],
  },
  {
    displayName: 'Azure Cosmos DB',
    appId: 'a232010e-820c-4083-83bb-3ace5fc29d0b',
    tokenVersion: 1,
    uris: ['https://cosmos.azure.com'],
    hostSuffixes: ['.documents.azure.com'],
  },
  {
    displayName: 'AAD Token Exchange Endpoint: Public',
    appId: 'fb60f99c-7a34-4190-8149-302f77469936',
    tokenVersion: 2,
    uris: ['api://AzureADTokenExchange'],
  },
  { displayName: 'Azure OSSRDBMS Database', tokenVersion: 1, uris: ['https://ossrdbms-aad.database.windows.net'] },
  { displayName: 'Azure Service Bus', tokenVersion: 1, uris: ['https://servicebus.azure.net'] },
  { displayName: 'Azure Event Hubs', tokenVersion: 1, uris: ['https://eventhubs.azure.net'] },
  {
    displayName: 'Azure App Configuration',
    tokenVersion: 1,
    uris: ['https://azconfig.io'],
    hostSuffixes: ['.azconfig.io'],
  },
  { displayName: 'Azure Container Registry', tokenVersion: 1, uris: ['https://containerregistry.azure.net'] },
  { displayName: 'Azure Cache for Redis', tokenVersion: 1, uris: ['https://redis.azure.com'] },
  { displayName: 'Azure Batch', tokenVersion: 1, uris: ['https://batch.core.windows.net'] },
  { displayName: 'Azure Data Lake', tokenVersion: 1, uris: ['https://datalake.azure.net'] },
  { displayName: 'Azure Cognitive Services', tokenVersion: 1, uris: ['https://cognitiveservices.azure.com'] },
  { displayName: 'Azure Machine Learning', tokenVersion: 1, uris: ['https://ml.azure.com', 'https://ai.azure.com'] },
  { displayName: 'Azure AI Search', tokenVersion: 1, uris: ['https://search.azure.com'] },
  {
    displayName: 'Azure Monitor Ingestion',
    tokenVersion: 1,
    uris: ['https://monitor.azure.com', 'https://monitoring.azure.com'],
  },
  {
    displayName: 'Log Analytics API',
    tokenVersion: 1,
    uris: ['https://api.loganalytics.io', 'https://api.loganalytics.azure.com'],
  },
  {
    displayName: 'Azure DevOps',
    appId: '499b84ac-1321-427f-aa17-267ca6975798',
    tokenVersion: 1,
    uris: ['https://app.vssps.visualstudio.com'],
  },
];

/** A name under which a resource is known, in the form in which names are compared. */
function foldName(name: string): string {
  return name.toLowerCase().replace(/\/$/, '');
}

const byName: ReadonlyMap<string, KnownResource> = new Map(
  knownResources.flatMap((known) =>
    [...known.uris, ...(known.appId === undefined ? [] : [known.appId])].map(
      (name) => [foldName(name), known] as const,
    ),
  ),
);

/**
 * The Microsoft service that a `resource` names: by URI (with or without one trailing slash), application id, or a host
 * under one of its suffixes. Letter case does not matter.
 */
export function findKnownResource(resource: string): KnownResource | undefined {
  return byName.get(foldName(resource)) ?? byHostSuffix(resource);
}

function byHostSuffix(resource: string): KnownResource | undefined {
  const host = /^https:\/\/([a-z0-9][a-z0-9.-]*)\/?$/i.exec(resource)?.[1]?.toLowerCase();
  if (host === undefined) return undefined;
  return knownResources.find((known) => known.hostSuffixes?.some((suffix) => host.endsWith(suffix)));
}
