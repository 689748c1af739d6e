import { loadPage } from '../../../../core/paging.ts';
import { documentKey } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { containerOf, nameOf, parseResourceId } from '../../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { changedMeanwhile } from '../machine-refusals.ts';
import type { GalleryKind } from './gallery-kind.ts';
import { forgetUse } from './profile-use.ts';

/** One gallery, profile or version. Refuses `ResourceNotFound`. */
export async function getGallery({ store }: ProviderContext, kind: GalleryKind, call: Call): Promise<Answer | Refusal> {
  const found = await store.get(documentKey(call.resourceId));
  return found === undefined ? galleryNotFound(kind, call.resourceId) : { status: 200, body: found.body };
}

/** Those of a subscription, a group, a gallery or a profile, a page at a time. */
export async function listGalleries(
  { store }: ProviderContext,
  kind: GalleryKind,
  call: Call,
): Promise<Answer | Refusal> {
  const parent = parentOf(call.resourceId);
  const container = documentKey(parent ?? containerOf(call.params));
  const type = kind.type.toLowerCase();
  const page = await loadPage(
    (after, limit) => store.list(container, { type, after: documentKey(after), limit }),
    { keyOf: ({ key }) => key, show: ({ body }) => body },
    call,
  );
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** Deletes one that has nothing below it: 200, or 204 when there is none. Machines that refer to it are denied from then on. */
export async function deleteGallery({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const key = documentKey(call.resourceId);
  const found = await store.get(key);
  if (found === undefined) return { status: 204 };
  const [nested] = await store.list(key, { limit: 1 });
  if (nested !== undefined) {
    return refuse(
      'CannotDeleteResource',
      `Can not delete resource '${call.resourceId}' before nested resources are deleted: '${String(nested.body['id'])}'.`,
    );
  }
  const committed = await store.transact([{ remove: key, when: { etag: found.etag } }, forgetUse(key)]);
  return 'conflict' in committed ? changedMeanwhile(call.resourceId) : { status: 200 };
}

/** What the last step of an id below a gallery hangs from; undefined for galleries themselves. */
export function parentOf(id: string): string | undefined {
  return /^(.*\/galleries\/[^/]+(?:\/inVMAccessControlProfiles\/[^/]+)?)\/(?:inVMAccessControlProfiles|versions)(?:\/[^/]+)?$/i.exec(
    id,
  )?.[1];
}

/** ARM's 404. */
export function galleryNotFound({ type }: GalleryKind, id: string): Refusal {
  const group = parseResourceId(id)?.resourceGroupName ?? '';
  const names = parseResourceId(id)?.provider?.steps.map(({ name }) => name) ?? [nameOf(id)];
  return refuse(
    'ResourceNotFound',
    `The Resource '${type}/${names.join('/')}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}
