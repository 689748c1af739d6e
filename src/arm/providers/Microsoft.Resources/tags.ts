import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { type Document, documentKey, type Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { formatType, nameOf, parseResourceId } from '../../../core/resource-id.ts';
import { stampSystemData } from '../../../core/system-data.ts';
import { changeTags, type TagOperation } from '../../../core/tag-change.ts';
import { parseTags, type Tags } from '../../../core/tags.ts';
import type { Answer, Call, Operation } from '../../provider-contract.ts';

const path = '/{scope}/providers/Microsoft.Resources/tags/default';

/** The tags of whatever `{scope}` names (a subscription, a group, a resource of any type) as a resource of their own. */
export function tagOperations(store: Store): readonly Operation[] {
  const operation = (
    method: Operation['method'],
    verb: string,
    handle: (call: Call) => Promise<Answer | Refusal>,
  ): Operation => ({
    method,
    path,
    permission: `Microsoft.Resources/tags/${verb}`,
    permissionScope: '/{scope}',
    handle,
  });
  return [
    operation('GET', 'read', (call) => getTags(store, call)),
    operation('PUT', 'write', (call) => writeTags(store, call, 'Replace')),
    operation('PATCH', 'write', (call) => writeTags(store, call, operationOf(call.body))),
    operation('DELETE', 'delete', (call) => writeTags(store, { ...call, body: { properties: {} } }, 'Replace')),
  ];
}

async function getTags(store: Store, call: Call): Promise<Answer | Refusal> {
  const found = await findTagged(store, call);
  return isRefusal(found) ? found : { status: 200, body: formatTags(call, tagsOf(found.body)) };
}

/** Changes the tags where they are kept, on top of whatever else is changed at the same time: a lost race is run again. */
async function writeTags(store: Store, call: Call, operation: TagOperation | Refusal): Promise<Answer | Refusal> {
  if (isRefusal(operation)) return operation;
  const given = givenTags(call.body);
  if (isRefusal(given)) return given;
  for (;;) {
    const found = await findTagged(store, call);
    if (isRefusal(found)) return found;
    const tags = changeTags(tagsOf(found.body), operation, given);
    if (isRefusal(tags)) return tags;
    const stamp = stampSystemData(found.body['systemData'], call.caller, call.now);
    const body = { ...found.body, tags, ...('systemData' in found.body ? { systemData: stamp } : {}) };
    const committed = await store.transact([{ put: found.key, body, when: { etag: found.etag } }]);
    if (!('conflict' in committed)) return { status: 200, body: formatTags(call, tags) };
  }
}

/** `operation` of a PATCH. Refuses `InvalidRequestContent`. */
function operationOf(body: Json | undefined): TagOperation | Refusal {
  const asked = isJsonObject(body) ? body['operation'] : undefined;
  const known = (['Merge', 'Replace', 'Delete'] as const).find(
    (word) => word.toLowerCase() === String(asked).toLowerCase(),
  );
  if (known !== undefined) return known;
  return refuse(
    'InvalidRequestContent',
    `The operation '${String(asked ?? '')}' is not valid for tags. Use 'Merge', 'Replace' or 'Delete'.`,
    { target: 'operation' },
  );
}

function givenTags(body: Json | undefined): Tags | Refusal {
  const properties = isJsonObject(body) ? body['properties'] : undefined;
  if (isJsonObject(properties)) return parseTags(properties['tags']);
  return refuse('InvalidRequestContent', "The request content was invalid: 'properties.tags' must be an object.", {
    target: 'properties',
  });
}

/** What `{scope}` names, if it can have tags: what lives in a region, groups and subscriptions. */
async function findTagged(store: Store, { params }: Call): Promise<Document | Refusal> {
  const scope = params['scope'] ?? '/';
  const found = await store.get(documentKey(scope));
  const provider = parseResourceId(scope)?.provider;
  const type = provider === undefined ? '' : formatType(provider);
  if (found === undefined) {
    const name = type === '' ? scope : `${type}/${nameOf(scope)}`;
    return refuse('ResourceNotFound', `The resource '${name}' was not found: it has no tags.`);
  }
  if (type === '' || typeof found.body['location'] === 'string') return found;
  return refuse('OperationNotAllowed', `Resources of the type '${type}' do not support tags.`);
}

function tagsOf(body: JsonObject): Tags {
  const tags = parseTags(body['tags']);
  return isRefusal(tags) ? {} : tags;
}

function formatTags({ params }: Call, tags: Tags): JsonObject {
  const scope = params['scope'] ?? '/';
  return {
    id: `${scope}/providers/Microsoft.Resources/tags/default`,
    name: 'default',
    type: 'Microsoft.Resources/tags',
    properties: { tags },
  };
}
