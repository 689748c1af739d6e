import type { Operation, ProviderContext, ResourceType } from '../../provider-contract.ts';
import { deleteCredential, getCredential, listCredentials } from './federated-credentials.ts';
import { putCredential } from './federated-put.ts';

const namespace = 'Microsoft.ManagedIdentity';
const ofIdentity = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${namespace}/userAssignedIdentities/{resourceName}/federatedIdentityCredentials`;
const one = `${ofIdentity}/{federatedIdentityCredentialResourceName}`;
const action = (verb: string): string => `${namespace}/userAssignedIdentities/federatedIdentityCredentials/${verb}`;

/** The api-version with which the type begins. */
const firstVersion = '2022-01-31-preview';

/** The type of user-assigned identities' federated credentials, in those of the namespace's api-versions that have it. */
export function federatedType(context: ProviderContext, apiVersions: readonly string[]): ResourceType {
  return {
    type: 'userAssignedIdentities/federatedIdentityCredentials',
    apiVersions: apiVersions.filter((version) => version >= firstVersion),
    regional: false,
    operations: operationsOf(context),
  };
}

function operationsOf(context: ProviderContext): readonly Operation[] {
  return [
    { method: 'GET', path: ofIdentity, permission: action('read'), handle: (call) => listCredentials(context, call) },
    { method: 'GET', path: one, permission: action('read'), handle: (call) => getCredential(context, call) },
    { method: 'PUT', path: one, permission: action('write'), handle: (call) => putCredential(context, call) },
    { method: 'DELETE', path: one, permission: action('delete'), handle: (call) => deleteCredential(context, call) },
  ];
}
