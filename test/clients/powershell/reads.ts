// What the published source of Azure PowerShell reads from each answer, and in which file. Paths are those of Azure/azure-powershell
// (`src/…`), of Azure/azure-powershell-common (`common/src/…`) and of its runtime in Azure/azure-sdk-for-net (`net/sdk/…`).

import type { Reads } from './check-reads.ts';

/** `-ARMEndpoint`; empty texts are refused before anything is dereferenced. */
export const firstMetadata: Reads = {
  source: 'src/Accounts/Accounts/Utilities/EnvironmentHelper.cs',
  fields: {
    galleryEndpoint: 'filled',
    graphEndpoint: 'filled',
    portalEndpoint: 'filled',
    'authentication.loginEndpoint': 'filled',
    'authentication.audiences': 'list',
    'authentication.audiences[]': 'filled',
    'authentication.audiences[0]': 'filled',
  },
};

/** A cloud that is discovered when the module loads, and by `-AutoDiscover`. */
export const discoveredCloud: Reads = {
  source: 'common/src/Authentication.Abstractions/AzureEnvironment.cs',
  fields: {
    name: 'filled',
    resourceManager: 'filled',
    portal: 'text?',
    gallery: 'text?',
    graph: 'text?',
    batch: 'text?',
    activeDirectoryDataLake: 'text?',
    microsoftGraphResourceId: 'text?',
    attestationResourceId: 'text?',
    synapseAnalyticsResourceId: 'text?',
    logAnalyticsResourceId: 'text?',
    'authentication.loginEndpoint': 'filled',
    'authentication.audiences[0]': 'filled',
    'authentication.tenant': 'text?',
    suffixes: 'object',
    'suffixes.storage': 'text?',
    'suffixes.keyVaultDns': 'text?',
    'suffixes.sqlServerHostname': 'text?',
    'suffixes.acrLoginServer': 'text?',
    'suffixes.attestationEndpoint': 'text?',
    'suffixes.synapseAnalytics': 'text?',
  },
};

/** The token of a managed identity; other fields of the answer must be texts where they are there. */
export const managedIdentityToken: Reads = {
  source: 'MSAL .NET, ManagedIdentityResponse.cs',
  fields: {
    access_token: 'filled',
    expires_on: 'filled',
    expires_in: 'text?',
    resource: 'text?',
    token_type: 'text?',
    client_id: 'text?',
  },
};

/** A page of tenants. */
export const tenantPage: Reads = {
  source: 'common/src/ResourceManager/Version2021_01_01/Customized/TenantIdDescriptionExtensions.cs',
  fields: {
    value: 'list',
    'value[].tenantId': 'filled',
    'value[].tenantCategory': 'text?',
    'value[].country': 'text?',
    'value[].countryCode': 'text?',
    'value[].displayName': 'text?',
    'value[].domains': 'list?',
    'value[].defaultDomain': 'text?',
    'value[].tenantType': 'text?',
    'value[].tenantBrandingLogoUrl': 'text?',
    nextLink: 'filled?',
  },
};

const subscriptionSource = 'common/src/ResourceManager/Version2021_01_01/Customized/SubscriptionExtensions.cs';

/** One subscription; `RMProfileClient.cs` calls methods of its state, and compares its tenant with the token's. */
export const oneSubscription: Reads = {
  source: subscriptionSource,
  fields: {
    subscriptionId: 'filled',
    displayName: 'filled',
    state: 'filled',
    tenantId: 'filled',
    subscriptionPolicies: 'object?',
    authorizationSource: 'text?',
    managedByTenants: 'list?',
    'managedByTenants[].tenantId': 'filled',
    tags: 'object?',
  },
};

/** A page of subscriptions. */
export const subscriptionPage: Reads = {
  source: subscriptionSource,
  fields: {
    value: 'list',
    ...Object.fromEntries(Object.entries(oneSubscription.fields).map(([path, kind]) => [`value[].${path}`, kind])),
    nextLink: 'filled?',
  },
};

/** One virtual machine; the resource group's name is cut out of its id. */
export const oneVirtualMachine: Reads = {
  source: 'src/Compute/Compute.Management.Sdk/Generated/Models/VirtualMachine.cs',
  fields: {
    id: 'filled',
    name: 'filled',
    type: 'filled',
    location: 'filled',
    tags: 'object?',
    zones: 'list?',
    etag: 'text?',
    'identity.type': 'text?',
    'identity.principalId': 'text?',
    'identity.tenantId': 'text?',
    'identity.userAssignedIdentities': 'object?',
    'properties.vmId': 'filled',
    'properties.provisioningState': 'filled',
    'properties.timeCreated': 'moment?',
    'properties.hardwareProfile.vmSize': 'text?',
    'properties.storageProfile.osDisk.osType': 'text?',
    'properties.storageProfile.osDisk.diskSizeGB': 'count?',
    'properties.storageProfile.dataDisks': 'list?',
    'properties.osProfile.computerName': 'text?',
    'properties.networkProfile.networkInterfaces': 'list?',
    'properties.securityProfile': 'object?',
    'properties.diagnosticsProfile': 'object?',
    'properties.platformFaultDomain': 'count?',
    'properties.priority': 'text?',
    'properties.licenseType': 'text?',
    resources: 'list?',
    managedBy: 'text?',
  },
};

/** A page of virtual machines. */
export const virtualMachinePage: Reads = {
  source: oneVirtualMachine.source,
  fields: {
    value: 'list',
    ...Object.fromEntries(Object.entries(oneVirtualMachine.fields).map(([path, kind]) => [`value[].${path}`, kind])),
    nextLink: 'filled?',
  },
};

/** `-Status`: at least two statuses, of which each code is searched for `PowerState`. */
export const instanceView: Reads = {
  source: 'src/Compute/Compute/VirtualMachine/Operation/GetAzureVMCommand.cs',
  fields: {
    'properties.instanceView.statuses': 'list',
    'properties.instanceView.statuses[].code': 'filled',
    'properties.instanceView.statuses[].level': 'text?',
    'properties.instanceView.statuses[].displayStatus': 'text?',
    'properties.instanceView.statuses[].time': 'moment?',
    'properties.instanceView.statuses[1].displayStatus': 'filled',
    'properties.instanceView.osName': 'text?',
    'properties.instanceView.osVersion': 'text?',
    'properties.instanceView.hyperVGeneration': 'text?',
    'properties.instanceView.vmAgent.statuses': 'list?',
  },
};

/** A long-running operation, through Azure-AsyncOperation. */
export const asyncOperation: Reads = {
  source: 'net/sdk/mgmtcommon/ClientRuntime.Azure/ClientRuntime.Azure/LRO/Base/AzureLRO.cs',
  fields: { status: 'filled', 'error.code': 'text?', 'error.message': 'text?' },
};

/** One role definition: lists of each permission are flattened, so that none may be missing. */
export const oneRoleDefinition: Reads = {
  source: 'src/Resources/Resources/Models.Authorization/AuthorizationClientExtensions.cs',
  fields: {
    id: 'filled',
    'properties.roleName': 'filled',
    'properties.type': 'filled',
    'properties.description': 'text?',
    'properties.assignableScopes': 'list',
    'properties.assignableScopes[]': 'filled',
    'properties.permissions': 'list',
    'properties.permissions[].actions': 'list',
    'properties.permissions[].notActions': 'list',
    'properties.permissions[].dataActions': 'list',
    'properties.permissions[].notDataActions': 'list',
    'properties.permissions[].condition': 'text?',
    'properties.permissions[].conditionVersion': 'text?',
  },
};

/** A page of role definitions. */
export const roleDefinitionPage: Reads = {
  source: oneRoleDefinition.source,
  fields: {
    value: 'list',
    ...Object.fromEntries(Object.entries(oneRoleDefinition.fields).map(([path, kind]) => [`value[].${path}`, kind])),
    nextLink: 'filled?',
  },
};

/** A role assignment as it is shown after it was made. */
export const oneRoleAssignment: Reads = {
  source: oneRoleDefinition.source,
  fields: {
    id: 'filled',
    name: 'filled',
    'properties.scope': 'filled',
    'properties.roleDefinitionId': 'filled',
    'properties.principalId': 'filled',
    'properties.principalType': 'text?',
    'properties.description': 'text?',
    'properties.condition': 'text?',
    'properties.conditionVersion': 'text?',
    'properties.createdOn': 'moment?',
    'properties.updatedOn': 'moment?',
  },
};

/** A service principal of Microsoft Graph: the fields that its model gives a type. */
export const oneServicePrincipal: Reads = {
  source: 'common/src/Graph.Rbac/MicrosoftGraph/Version1_0/Applications/Models/MicrosoftGraphServicePrincipal.cs',
  fields: {
    id: 'filled',
    appId: 'filled',
    displayName: 'filled',
    servicePrincipalType: 'text?',
    accountEnabled: 'flag?',
    appRoleAssignmentRequired: 'flag?',
    appOwnerOrganizationId: 'filled?',
    deletedDateTime: 'moment?',
    alternativeNames: 'list?',
    servicePrincipalNames: 'list?',
    replyUrls: 'list?',
    tags: 'list?',
    appRoles: 'list?',
    keyCredentials: 'list?',
    passwordCredentials: 'list?',
    oauth2PermissionScopes: 'list?',
  },
};

/** A user of Microsoft Graph. */
export const oneUser: Reads = {
  source: 'common/src/Graph.Rbac/MicrosoftGraph/Version1_0/Users/Models/MicrosoftGraphUser.cs',
  fields: { id: 'filled', displayName: 'text?', userPrincipalName: 'text?', mail: 'text?' },
};

/** A page of service principals. */
export const servicePrincipalPage: Reads = {
  source: 'Microsoft.Azure.Commands.ActiveDirectory, ActiveDirectoryClient.cs',
  fields: {
    value: 'list',
    ...Object.fromEntries(Object.entries(oneServicePrincipal.fields).map(([path, kind]) => [`value[].${path}`, kind])),
  },
};

/** Any object of the directory; its kind is told by its type alone. */
export const directoryObject: Reads = {
  source: 'common/src/Graph.Rbac/MicrosoftGraph/Version1_0/DirectoryObjects/Models/MicrosoftGraphDirectoryObject.cs',
  fields: { '@odata.type': 'filled', id: 'filled', displayName: 'text?', deletedDateTime: 'moment?' },
};

/** A refusal of the resource manager; the message is what the user sees. */
export const managementError: Reads = {
  source: 'net/sdk/mgmtcommon/ClientRuntime.Azure/ClientRuntime.Azure/CloudErrorJsonConverter.cs',
  fields: { 'error.code': 'filled', 'error.message': 'filled', 'error.details': 'list?' },
};

/** A refusal of Microsoft Graph. */
export const graphError: Reads = {
  source: 'common/src/Graph.Rbac/MicrosoftGraph/Version1_0/DirectoryObjects/Models/OdataErrorMain.cs',
  fields: {
    'error.code': 'filled',
    'error.message': 'filled',
    'error.details': 'list?',
    'error.innerError': 'object?',
    'error.innererror': 'object?',
  },
};
