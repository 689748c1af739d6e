import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { pageOf } from '../../../core/paging.ts';
import type { Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import { foldId } from '../../../core/resource-id.ts';
import type { Answer, Call, Operation } from '../../provider-contract.ts';
import { parseFilter } from './filter.ts';
import { trackedResources } from './tree.ts';

/** The generic lists of resources, of a subscription and of a group. */
export function resourcesListOperations(store: Store): readonly Operation[] {
  return [
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/resources',
      permission: 'Microsoft.Resources/subscriptions/resources/read',
      handle: (call) => listResources(store, call),
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/resources',
      permission: 'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
      handle: (call) => listResources(store, call),
    },
  ];
}

async function listResources(store: Store, call: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(call.query.get('$filter'));
  if (isRefusal(filter)) return filter;
  const documents = await trackedResources(
    store,
    call.params['subscriptionId'] ?? '',
    call.params['resourceGroupName'],
  );
  const found = documents.map(({ body }) => body).filter(filter);
  const page = pageOf(found, (resource) => foldId(String(resource['id'])), call);
  if (isRefusal(page)) return page;
  const expand = (call.query.get('$expand') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return { status: 200, body: { ...page, value: page.value.map((item) => summarize(item as JsonObject, expand)) } };
}

/** Fields that a summary takes over from the resource. */
const summaryFields = [
  'id',
  'name',
  'type',
  'kind',
  'managedBy',
  'location',
  'sku',
  'plan',
  'zones',
  'identity',
  'tags',
];

/** @see Microsoft.Resources swagger 2021-04-01, GenericResourceExpanded: no `properties` */
function summarize(resource: JsonObject, expand: readonly string[]): JsonObject {
  const properties = isJsonObject(resource['properties']) ? resource['properties'] : {};
  const system = isJsonObject(resource['systemData']) ? resource['systemData'] : {};
  const expanded = {
    createdTime: system['createdAt'] ?? properties['timeCreated'],
    changedTime: system['lastModifiedAt'] ?? system['createdAt'] ?? properties['timeCreated'],
    provisioningState: properties['provisioningState'] ?? 'Succeeded',
  };
  const asked = Object.entries(expanded).filter(
    ([name, value]) => value !== undefined && expand.includes(name.toLowerCase()),
  );
  const taken = summaryFields.flatMap((name) =>
    resource[name] === undefined ? [] : [[name, resource[name]] as const],
  );
  return Object.fromEntries([...taken, ...asked]) as JsonObject;
}
