import { judgeConditions } from '../../../../core/conditions.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { parseLocation } from '../../../../core/location.ts';
import { mergePatch } from '../../../../core/merge-patch.ts';
import { type Document, documentKey, type Precondition } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { nameOf } from '../../../../core/resource-id.ts';
import { stampSystemData } from '../../../../core/system-data.ts';
import { parseTags } from '../../../../core/tags.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { propertiesOf } from '../machine-document.ts';
import { changedMeanwhile } from '../machine-refusals.ts';
import { judgeLocation } from '../write-machine.ts';
import type { GalleryKind } from './gallery-kind.ts';
import { galleryNotFound, parentOf } from './read-gallery.ts';

/**
 * Makes or replaces a gallery, a profile or a version. Refuses names and properties against the rules of the kind,
 * `ParentResourceNotFound`, and another location than it has.
 */
export async function putGallery(context: ProviderContext, kind: GalleryKind, call: Call): Promise<Answer | Refusal> {
  const before = await context.store.get(documentKey(call.resourceId));
  const faulty = kind.judgeName(nameOf(call.resourceId)) ?? (await judgeParent(context, call));
  if (faulty !== undefined) return faulty;
  return write(context, kind, call, { before, given: bodyOf(call), method: 'PUT' });
}

/** Changes what the body names. Refuses `ResourceNotFound`. */
export async function patchGallery(context: ProviderContext, kind: GalleryKind, call: Call): Promise<Answer | Refusal> {
  const before = await context.store.get(documentKey(call.resourceId));
  if (before === undefined) return galleryNotFound(kind, call.resourceId);
  const given = bodyOf(call);
  const properties = isJsonObject(given['properties']) ? given['properties'] : {};
  const merged = mergePatch(propertiesOf(before.body), properties);
  const { location = null, tags = {} } = before.body;
  return write(context, kind, call, {
    before,
    given: { location, tags, ...given, properties: merged },
    method: 'PATCH',
  });
}

interface Writing {
  readonly before: Document | undefined;
  readonly given: JsonObject;
  readonly method: 'PUT' | 'PATCH';
}

async function write(
  context: ProviderContext,
  kind: GalleryKind,
  call: Call,
  { before, given, method }: Writing,
): Promise<Answer | Refusal> {
  const unmet = judgeConditions(call, before) ?? judgeParts(given);
  if (unmet !== undefined) return unmet;
  const location = parseLocation(given['location'], kind.type);
  if (isRefusal(location)) return location;
  const moved = before === undefined ? undefined : judgeLocation(call, location, before.body, method);
  const tags = parseTags(given['tags']);
  if (moved !== undefined) return moved;
  if (isRefusal(tags)) return tags;
  const key = documentKey(call.resourceId);
  const asked = isJsonObject(given['properties']) ? given['properties'] : {};
  const properties = await kind.properties({
    ...{ context, call, key, location },
    properties: asked,
    before: before === undefined ? undefined : propertiesOf(before.body),
  });
  if (isRefusal(properties)) return properties;
  const id = String(before?.body['id'] ?? call.resourceId);
  const body: JsonObject = {
    ...{ id, name: nameOf(id), type: kind.type, location, tags: { ...tags } },
    systemData: stampSystemData(before?.body['systemData'], call.caller, call.now),
    properties: { ...properties, provisioningState: 'Succeeded' },
  };
  const when: Precondition = before === undefined ? { absent: true } : { etag: before.etag };
  const committed = await context.store.transact([{ put: key, body, when }]);
  if ('conflict' in committed) return changedMeanwhile(id);
  return { status: before === undefined ? 201 : 200, body };
}

function bodyOf({ body }: Call): JsonObject {
  return isJsonObject(body) ? body : {};
}

function judgeParts({ properties }: JsonObject): Refusal | undefined {
  if (properties === undefined || properties === null || isJsonObject(properties)) return undefined;
  return refuse('InvalidRequestContent', "The request content was invalid: 'properties' must be an object.", {
    target: 'properties',
  });
}

async function judgeParent({ store }: ProviderContext, { resourceId }: Call): Promise<Refusal | undefined> {
  const parent = parentOf(resourceId);
  if (parent === undefined || (await store.get(documentKey(parent))) !== undefined) return undefined;
  return refuse(
    'ParentResourceNotFound',
    `Failed to perform the write of '${resourceId}', because the parent resource '${parent}' could not be found.`,
  );
}
