import { pageOf } from '../../core/paging.ts';
import { documentKey } from '../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { foldId } from '../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../provider-contract.ts';
import { resourceNotFound } from './generic-refusals.ts';
import type { GenericType } from './manifest.ts';

/** One resource. Refuses `ResourceNotFound`. */
export async function getResource(
  { store }: ProviderContext,
  { namespace, type }: GenericType,
  { resourceId }: Call,
): Promise<Answer | Refusal> {
  const found = await store.get(documentKey(resourceId));
  if (found === undefined) return resourceNotFound(`${namespace}/${type}`, resourceId);
  return { status: 200, body: found.body, etag: found.etag };
}

/** The resources of a type in a subscription, group or resource: of a top-level type at any depth, of others the children. */
export async function listResources(
  { store }: ProviderContext,
  { namespace, type }: GenericType,
  call: Call,
): Promise<Answer | Refusal> {
  const folded = `${namespace}/${type}`.toLowerCase();
  const collection = documentKey(call.resourceId);
  const at = collection.lastIndexOf('/providers/');
  const deep = /^\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?$/.test(collection.slice(0, at));
  const prefix = deep && !type.includes('/') ? documentKey(collection.slice(0, at)) : collection;
  const documents = await store.list(prefix, { type: folded });
  const page = pageOf(
    documents.map(({ body }) => body),
    (body) => foldId(String(body['id'])),
    call,
  );
  return isRefusal(page) ? page : { status: 200, body: page };
}
