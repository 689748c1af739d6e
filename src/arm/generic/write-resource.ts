import { judgeConditions } from '../../core/conditions.ts';
import { changeIdentity } from '../../core/identity/change-identity.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { mergePatch } from '../../core/merge-patch.ts';
import { type Document, documentKey } from '../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { nameOf } from '../../core/resource-id.ts';
import { stampSystemData } from '../../core/system-data.ts';
import type { Answer, Call, ProviderContext } from '../provider-contract.ts';
import { changedMeanwhile, resourceNotFound } from './generic-refusals.ts';
import type { GenericType } from './manifest.ts';
import { judgeParent } from './parent.ts';
import { parseResourceBody } from './resource-body.ts';
import { decideLocation } from './resource-location.ts';
import { judgeResourceName } from './resource-name.ts';

/** Makes a resource, or puts another in its place: what the body leaves out goes, but the identities and the region stay. */
export async function putResource(context: ProviderContext, type: GenericType, call: Call): Promise<Answer | Refusal> {
  const before = await context.store.get(documentKey(call.resourceId));
  const unmet = judgeConditions(call, before) ?? judgeResourceName(nameOf(call.resourceId));
  if (unmet !== undefined) return unmet;
  const orphaned = before === undefined ? await judgeParent(context.store, call.resourceId) : undefined;
  return orphaned ?? writeResource(context, type, call, before, 'PUT');
}

/** Changes what the body names: tags as a set, identities by their own rules, the rest as a merge patch. */
export async function patchResource(
  context: ProviderContext,
  type: GenericType,
  call: Call,
): Promise<Answer | Refusal> {
  const before = await context.store.get(documentKey(call.resourceId));
  if (before === undefined) return resourceNotFound(`${type.namespace}/${type.type}`, call.resourceId);
  return judgeConditions(call, before) ?? writeResource(context, type, call, before, 'PATCH');
}

async function writeResource(
  context: ProviderContext,
  type: GenericType,
  call: Call,
  before: Document | undefined,
  method: 'PUT' | 'PATCH',
): Promise<Answer | Refusal> {
  const asked = parseResourceBody(type.type, call.body);
  if (isRefusal(asked)) return asked;
  const location = decideLocation(type, call.resourceId, asked['location'], before?.body);
  if (isRefusal(location)) return location;
  const resourceId = before === undefined ? call.resourceId : String(before.body['id']);
  const identity = await changeIdentity(context, {
    resourceId,
    method,
    before: before?.body['identity'],
    asked: asked['identity'],
    ...(location === undefined ? {} : { location }),
  });
  if (isRefusal(identity)) return identity;
  const made = before !== undefined && method === 'PATCH' ? patched(before.body, asked) : fresh(asked);
  const body: JsonObject = {
    ...made,
    ...(type.namespace === 'Microsoft.Network' ? await named(resourceId, type, location, made) : {}),
    id: resourceId,
    name: nameOf(resourceId),
    type: `${type.namespace}/${type.type}`,
    ...(location === undefined ? {} : { location }),
    ...(identity.block === undefined ? {} : { identity: identity.block }),
    systemData: stampSystemData(before?.body['systemData'], call.caller, call.now),
  };
  const when = before === undefined ? ({ absent: true } as const) : { etag: before.etag };
  const key = documentKey(resourceId);
  const committed = await context.store.transact([{ put: key, body, when }, ...identity.writes]);
  if ('conflict' in committed) return changedMeanwhile(resourceId);
  const etag = committed.etags.get(key);
  return { status: before === undefined ? 201 : 200, body, ...(etag === undefined ? {} : { etag }) };
}

/** What the names of a network resource and of its parts say besides. */
async function named(id: string, { type }: GenericType, location: string | undefined, made: JsonObject) {
  const { withNetworkNames } = await import('./network-names.ts');
  const properties = isJsonObject(made['properties']) ? made['properties'] : {};
  return { properties: withNetworkNames({ id, type, location, properties }) };
}

/** What a PUT leaves: the body's own members, done at once. */
function fresh({ identity: _identity, location: _location, ...asked }: JsonObject): JsonObject {
  const given = Object.entries(asked).filter(([, value]) => value !== null);
  return settled(Object.fromEntries(given));
}

function patched(
  { identity: _before, ...before }: JsonObject,
  { identity: _, location: _location, tags, ...asked }: JsonObject,
): JsonObject {
  const merged = mergePatch(before, asked);
  return settled(tags === undefined ? merged : { ...merged, tags: tags ?? {} });
}

function settled(body: JsonObject): JsonObject {
  const properties = isJsonObject(body['properties']) ? body['properties'] : {};
  return { ...body, properties: { ...properties, provisioningState: 'Succeeded' } };
}
