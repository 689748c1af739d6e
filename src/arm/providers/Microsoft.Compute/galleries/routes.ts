// Galleries of in-VM access control profiles: gallery, profile, version. Versions hold the rules that machines refer to in their
// `securityProfile.proxyAgentSettings`.

import { documentKey } from '../../../../core/ports/store.ts';
import type { Operation, ProviderContext, ResourceType, Teardown } from '../../../provider-contract.ts';
import { namespace } from '../api-versions.ts';
import { accessProfile, profileType } from './access-profile.ts';
import { gallery } from './gallery.ts';
import { type GalleryKind, galleryType } from './gallery-kind.ts';
import { forgetUse } from './profile-use.ts';
import { profileVersion, versionType } from './profile-version.ts';
import { deleteGallery, getGallery, listGalleries } from './read-gallery.ts';
import { patchGallery, putGallery } from './write-gallery.ts';

const inSubscription = '/subscriptions/{subscriptionId}';
const galleries = `/resourceGroups/{resourceGroupName}/providers/${namespace}/galleries`;
const oneGallery = `${inSubscription}${galleries}/{galleryName}`;
const profiles = `${oneGallery}/inVMAccessControlProfiles`;
const versions = `${profiles}/{inVMAccessControlProfileName}/versions`;

/** Newest first. */
const apiVersions = ['2025-03-03', '2024-03-03', '2023-07-03', '2022-08-03', '2022-03-03', '2021-10-01', '2020-09-30'];
const profileVersions = apiVersions.filter((version) => version >= '2024-03-03');

/** Galleries, profiles and versions. */
export function galleryTypes(context: ProviderContext): readonly ResourceType[] {
  return [
    {
      ...{ type: 'galleries', apiVersions, acceptedFrom: '2018-06-01', regional: true },
      operations: [
        listing(context, gallery, `${inSubscription}/providers/${namespace}/galleries`),
        ...operations(context, gallery, `${inSubscription}${galleries}`, '{galleryName}'),
      ],
    },
    {
      ...{ type: 'galleries/inVMAccessControlProfiles', apiVersions: profileVersions, regional: true },
      operations: operations(context, accessProfile, profiles, '{inVMAccessControlProfileName}'),
    },
    {
      ...{ type: 'galleries/inVMAccessControlProfiles/versions', apiVersions: profileVersions, regional: true },
      operations: operations(context, profileVersion, versions, '{inVMAccessControlProfileVersionName}'),
    },
  ];
}

function listing(context: ProviderContext, kind: GalleryKind, path: string): Operation {
  return {
    ...{ method: 'GET', path, permission: `${kind.type}/read` },
    handle: (call) => listGalleries(context, kind, call),
  };
}

function operations(context: ProviderContext, kind: GalleryKind, all: string, name: string): readonly Operation[] {
  const path = `${all}/${name}`;
  const action = (verb: string) => `${kind.type}/${verb}`;
  return [
    listing(context, kind, all),
    { method: 'GET', path, permission: action('read'), handle: (call) => getGallery(context, kind, call) },
    { method: 'PUT', path, permission: action('write'), handle: (call) => putGallery(context, kind, call) },
    { method: 'PATCH', path, permission: action('write'), handle: (call) => patchGallery(context, kind, call) },
    { method: 'DELETE', path, permission: action('delete'), handle: (call) => deleteGallery(context, call) },
  ];
}

/** What a group's end forgets with its profiles: that they were used. */
export const galleryTeardown: Readonly<Record<string, Teardown>> = Object.fromEntries(
  [galleryType, profileType, versionType].map((type) => [
    type.toLowerCase(),
    async (resourceId: string) => [forgetUse(documentKey(resourceId))],
  ]),
);
