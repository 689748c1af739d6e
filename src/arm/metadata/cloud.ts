import type { JsonObject } from '../../core/json.ts';
import { isPublicOrigin } from '../parse/origin.ts';

/** The endpoints of one cloud, in the words of `/metadata/endpoints`. */
export interface Cloud {
  readonly name: string;
  readonly resourceManager: string;
  /** Microsoft Graph. */
  readonly graph: string;
  /** The older directory graph's audience. */
  readonly graphAudience: string;
  readonly portal: string;
  readonly authentication: {
    readonly loginEndpoint: string;
    readonly audiences: readonly string[];
    readonly tenant: string;
    readonly identityProvider: 'AAD' | 'ADFS';
  };
  readonly suffixes: JsonObject;
}

/**
 * The cloud that an origin belongs to: by the public names the public cloud (inside a machine, where these names lead
 * here), else this host as a cloud of its own.
 */
export function cloudAt(origin: string): Cloud {
  return isPublicOrigin(origin) ? publicCloud : ownCloud(origin);
}

/** The public cloud's endpoints. @see Azure CLI `azure/cli/core/cloud.py`, AZURE_PUBLIC_CLOUD */
const publicCloud: Cloud = {
  name: 'AzureCloud',
  resourceManager: 'https://management.azure.com/',
  graph: 'https://graph.microsoft.com/',
  graphAudience: 'https://graph.windows.net/',
  portal: 'https://portal.azure.com',
  authentication: {
    loginEndpoint: 'https://login.microsoftonline.com/',
    audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
    tenant: 'common',
    identityProvider: 'AAD',
  },
  suffixes: {
    storage: 'core.windows.net',
    keyVaultDns: 'vault.azure.net',
    mhsmDns: 'managedhsm.azure.net',
    sqlServerHostname: 'database.windows.net',
    acrLoginServer: 'azurecr.io',
    storageSyncEndpointSuffix: 'afs.azure.net',
    mysqlServerEndpoint: 'mysql.database.azure.com',
    postgresqlServerEndpoint: 'postgres.database.azure.com',
    synapseAnalytics: 'dev.azuresynapse.net',
    attestationEndpoint: 'attest.azure.net',
  },
};

/**
 * This host as a cloud. The login endpoint ends in `/adfs`, as private clouds' do, so that MSAL asks this host for its
 * discovery document and not login.microsoftonline.com; the suffixes are empty, since those services are not here.
 * @see MSAL for Python, `authority.py`, and Azure CLI `command_modules/cloud/custom.py`
 */
function ownCloud(origin: string): Cloud {
  return {
    name: 'Postern',
    resourceManager: `${origin}/`,
    graph: `${origin}/`,
    graphAudience: `${origin}/`,
    portal: `${origin}/`,
    authentication: {
      loginEndpoint: `${origin}/adfs`,
      audiences: [`${origin}/`, 'https://management.azure.com/', 'https://management.core.windows.net/'],
      tenant: 'adfs',
      identityProvider: 'ADFS',
    },
    suffixes: {},
  };
}
