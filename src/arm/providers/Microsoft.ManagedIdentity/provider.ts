// Microsoft.ManagedIdentity: user-assigned identities, each made and deleted in one transaction with its principal in the
// directory, and the view of a resource's system-assigned identity. Who has an identity is written at the resource that has it.

import { documentKey } from '../../../core/ports/store.ts';
import type { Operation, Provider, ProviderContext } from '../../provider-contract.ts';
import { federatedType } from './federated-routes.ts';
import { idsOf } from './identity-document.ts';

const answers = () => import('./operations.ts');

const namespace = 'Microsoft.ManagedIdentity';
const inSubscription = `/subscriptions/{subscriptionId}/providers/${namespace}/userAssignedIdentities`;
const inGroup = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${namespace}/userAssignedIdentities`;
const oneIdentity = `${inGroup}/{resourceName}`;
/** Newest first. */
const apiVersions = [
  '2026-05-31',
  '2026-04-30',
  '2025-05-31-preview',
  '2025-01-31-preview',
  '2024-11-30',
  '2023-07-31-preview',
  '2023-01-31',
  '2022-01-31-preview',
  '2021-09-30-preview',
  '2018-11-30',
  '2015-08-31-preview',
];
const action = (verb: string): string => `${namespace}/userAssignedIdentities/${verb}`;

/** The identity resource provider over what it is given. */
export function managedIdentity(context: ProviderContext): Provider {
  return {
    namespace,
    resourceTypes: [
      {
        type: 'userAssignedIdentities',
        apiVersions,
        regional: true,
        operations: operationsOf(context),
      },
      federatedType(context, apiVersions),
      {
        type: 'identities',
        apiVersions,
        regional: false,
        operations: [
          {
            method: 'GET',
            path: `/{scope}/providers/${namespace}/identities/default`,
            permission: `${namespace}/identities/read`,
            permissionScope: '/{scope}',
            handle: async (call) => (await answers()).getDefaultIdentity(context, call),
          },
        ],
      },
    ],
    teardown: { 'microsoft.managedidentity/userassignedidentities': teardownOver(context) },
  };
}

function operationsOf(context: ProviderContext): readonly Operation[] {
  return [
    {
      method: 'GET',
      path: inSubscription,
      permission: action('read'),
      handle: async (call) => (await answers()).listIdentities(context, call),
    },
    {
      method: 'GET',
      path: inGroup,
      permission: action('read'),
      handle: async (call) => (await answers()).listIdentities(context, call),
    },
    {
      method: 'GET',
      path: oneIdentity,
      permission: action('read'),
      handle: async (call) => (await answers()).getIdentity(context, call),
    },
    {
      method: 'PUT',
      path: oneIdentity,
      permission: action('write'),
      handle: async (call) => (await answers()).putIdentity(context, call),
    },
    {
      method: 'PATCH',
      path: oneIdentity,
      permission: action('write'),
      handle: async (call) => (await answers()).patchIdentity(context, call),
    },
    {
      method: 'DELETE',
      path: oneIdentity,
      permission: action('delete'),
      handle: async (call) => (await answers()).deleteIdentity(context, call),
    },
    {
      method: 'POST',
      path: `${oneIdentity}/listAssociatedResources`,
      permission: action('listAssociatedResources/action'),
      handle: async (call) => (await answers()).listAssociatedResources(context, call),
    },
  ];
}

function teardownOver({ store, directory }: ProviderContext): NonNullable<Provider['teardown']>[string] {
  return async (resourceId) => {
    const found = await store.get(documentKey(resourceId));
    return found === undefined ? [] : directory.planDeletion(idsOf(found.body).principalId);
  };
}
