import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { parseLocation } from '../../../core/location.ts';
import { documentKey, type Precondition, type Write } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { nameOf, parseResourceId } from '../../../core/resource-id.ts';
import { stampSystemData } from '../../../core/system-data.ts';
import { parseTags } from '../../../core/tags.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { identityType, judgeName, parseSettings, showIdentity } from './identity-document.ts';

/**
 * Makes a user-assigned identity together with its principal, or replaces its tags and settings: a repeated PUT keeps the
 * ids. Refuses a name against the rules, tags against the rules, and another location than it has.
 */
export async function putIdentity(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const written = parseWritten(call);
  if (isRefusal(written)) return written;
  const key = documentKey(call.resourceId);
  const before = await context.store.get(key);
  if (before === undefined) return createIdentity(context, call, written);
  const location = String(before.body['location']);
  if (written.location !== location) return refuseLocation(call, location, written.location);
  const body = { ...before.body, ...amend(before.body, written, call) };
  return commit(context, call, [{ put: key, body, when: { etag: before.etag } }], { status: 200, body });
}

/** Replaces what the body names: tags as a set, the isolation scope. Refuses `ResourceNotFound`. */
export async function patchIdentity(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const key = documentKey(call.resourceId);
  const before = await context.store.get(key);
  if (before === undefined) return identityNotFound(call);
  const given = isJsonObject(call.body) ? call.body : {};
  const kept = { location: before.body['location'] ?? null, tags: before.body['tags'] ?? {}, ...given };
  const written = parseWritten({ ...call, body: kept });
  if (isRefusal(written)) return written;
  const location = String(before.body['location']);
  if (written.location !== location) return refuseLocation(call, location, written.location);
  const body = { ...before.body, ...amend(before.body, written, call) };
  return commit(context, call, [{ put: key, body, when: { etag: before.etag } }], { status: 200, body });
}

/** ARM's 404 for an identity that is not there. */
export function identityNotFound(call: Call): Refusal {
  const group = parseResourceId(call.resourceId)?.resourceGroupName ?? '';
  return refuse(
    'ResourceNotFound',
    `The Resource '${identityType}/${nameOf(call.resourceId)}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

interface Written {
  readonly location: string;
  readonly tags: JsonObject;
  readonly settings: JsonObject;
}

function parseWritten(call: Call): Written | Refusal {
  const badName = judgeName(nameOf(call.resourceId));
  if (badName !== undefined) return badName;
  const body = isJsonObject(call.body) ? call.body : {};
  const location = parseLocation(body['location'], identityType);
  if (isRefusal(location)) return location;
  const tags = parseTags(body['tags']);
  if (isRefusal(tags)) return tags;
  const settings = parseSettings(body['properties']);
  return isRefusal(settings) ? settings : { location, tags, settings: { ...settings } };
}

async function createIdentity(context: ProviderContext, call: Call, written: Written): Promise<Answer | Refusal> {
  const name = nameOf(call.resourceId);
  const request = { resourceId: call.resourceId, displayName: name, isExplicit: true };
  const { principal, writes } = context.directory.planManagedIdentity(request);
  const body: JsonObject = {
    id: call.resourceId,
    name,
    type: identityType,
    location: written.location,
    tags: written.tags,
    systemData: stampSystemData(undefined, call.caller, call.now),
    properties: {
      isolationScope: 'None',
      ...written.settings,
      tenantId: context.directory.tenant.tenantId,
      principalId: principal.objectId,
      clientId: principal.appId,
    },
  };
  const when: Precondition = { absent: true };
  const all: readonly Write[] = [{ put: documentKey(call.resourceId), body, when }, ...writes];
  return commit(context, call, all, { status: 201, body });
}

function amend(before: JsonObject, written: Written, call: Call): JsonObject {
  const properties = isJsonObject(before['properties']) ? before['properties'] : {};
  return {
    tags: written.tags,
    properties: { ...properties, ...written.settings },
    systemData: stampSystemData(before['systemData'], call.caller, call.now),
  };
}

async function commit(
  { store }: ProviderContext,
  call: Call,
  writes: readonly Write[],
  { status, body }: { readonly status: 200 | 201; readonly body: JsonObject },
): Promise<Answer | Refusal> {
  if (!('conflict' in (await store.transact(writes)))) return { status, body: showIdentity(body, call.apiVersion) };
  return refuse('Conflict', `Another request changed '${call.resourceId}' at the same time. Send the request again.`);
}

function refuseLocation(call: Call, existing: string, wanted: string): Refusal {
  const group = parseResourceId(call.resourceId)?.resourceGroupName ?? '';
  return refuse(
    'InvalidResourceLocation',
    `The resource '${nameOf(call.resourceId)}' already exists in location '${existing}' in resource group '${group}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
  );
}
