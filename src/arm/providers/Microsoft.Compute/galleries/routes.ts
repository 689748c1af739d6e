// Galleries of in-VM access control profiles: gallery, profile, version. Versions hold the rules that machines refer to in their
// `securityProfile.proxyAgentSettings`. What answers is loaded with the first request for one of them.

import { documentKey } from '../../../../core/ports/store.ts';
import type { Operation, ProviderContext, ResourceType, Teardown } from '../../../provider-contract.ts';
import { namespace } from '../api-versions.ts';
import type { kinds, operations } from './operations.ts';
import { forgetUse } from './profile-use.ts';

const inSubscription = '/subscriptions/{subscriptionId}';
const galleries = `${inSubscription}/resourceGroups/{resourceGroupName}/providers/${namespace}/galleries`;
const profiles = `${galleries}/{galleryName}/inVMAccessControlProfiles`;
const versions = `${profiles}/{inVMAccessControlProfileName}/versions`;

/** Newest first. */
const apiVersions = ['2025-03-03', '2024-03-03', '2023-07-03', '2022-08-03', '2022-03-03', '2021-10-01', '2020-09-30'];
const profileVersions = apiVersions.filter((version) => version >= '2024-03-03');

/** Galleries, profiles and versions. */
export function galleryTypes(context: ProviderContext): readonly ResourceType[] {
  const everywhere = routeFor(context, 'gallery', 'galleries')(
    'GET',
    `${inSubscription}/providers/${namespace}/galleries`,
    'list',
  );
  return [
    {
      ...{ type: 'galleries', apiVersions, acceptedFrom: '2018-06-01', regional: true },
      operations: [everywhere, ...operationsOf(context, 'gallery', 'galleries', `${galleries}/{galleryName}`)],
    },
    profileType(
      context,
      'accessProfile',
      'galleries/inVMAccessControlProfiles',
      `${profiles}/{inVMAccessControlProfileName}`,
    ),
    profileType(
      context,
      'profileVersion',
      'galleries/inVMAccessControlProfiles/versions',
      `${versions}/{inVMAccessControlProfileVersionName}`,
    ),
  ];
}

type Kind = keyof typeof kinds;

function profileType(context: ProviderContext, kind: Kind, type: string, path: string): ResourceType {
  return { type, apiVersions: profileVersions, regional: true, operations: operationsOf(context, kind, type, path) };
}

function operationsOf(context: ProviderContext, kind: Kind, type: string, path: string): readonly Operation[] {
  const route = routeFor(context, kind, type);
  return [
    route('GET', path.slice(0, path.lastIndexOf('/')), 'list'),
    route('GET', path, 'get'),
    route('PUT', path, 'put'),
    route('PATCH', path, 'patch'),
    route('DELETE', path, 'delete'),
  ];
}

const verbs = { GET: 'read', PUT: 'write', PATCH: 'write', DELETE: 'delete' } as const;

function routeFor(context: ProviderContext, kind: Kind, type: string) {
  return (method: keyof typeof verbs, path: string, word: keyof typeof operations): Operation => ({
    method,
    path,
    permission: `${namespace}/${type}/${verbs[method]}`,
    handle: async (call) => {
      const loaded = await import('./operations.ts');
      return loaded.operations[word](context, loaded.kinds[kind], call);
    },
  });
}

const types = ['galleries', 'galleries/invmaccesscontrolprofiles', 'galleries/invmaccesscontrolprofiles/versions'];

/** What a group's end forgets with its profiles: that they were used. */
export const galleryTeardown: Readonly<Record<string, Teardown>> = Object.fromEntries(
  types.map((type) => [
    `${namespace}/${type}`.toLowerCase(),
    async (resourceId: string) => [forgetUse(documentKey(resourceId))],
  ]),
);
