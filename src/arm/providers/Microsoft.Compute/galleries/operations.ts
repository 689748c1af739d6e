import type { Refusal } from '../../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { accessProfile } from './access-profile.ts';
import { gallery } from './gallery.ts';
import type { GalleryKind } from './gallery-kind.ts';
import { profileVersion } from './profile-version.ts';
import { deleteGallery, getGallery, listGalleries } from './read-gallery.ts';
import { patchGallery, putGallery } from './write-gallery.ts';

/** What the types of galleries have in common: one operation on one of them. */
export type GalleryOperation = (context: ProviderContext, kind: GalleryKind, call: Call) => Promise<Answer | Refusal>;

/** The kinds, by the name that `routes.ts` has for them. */
export const kinds = { gallery, accessProfile, profileVersion } as const;

/** What can be done, by the word that `routes.ts` has for it. */
export const operations = {
  list: listGalleries,
  get: getGallery,
  put: putGallery,
  patch: patchGallery,
  delete: (context, _, call) => deleteGallery(context, call),
} as const satisfies Record<string, GalleryOperation>;
