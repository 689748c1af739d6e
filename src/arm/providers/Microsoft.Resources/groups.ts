import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { pageOf } from '../../../core/paging.ts';
import { type Document, documentKey, type Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { isGroupDeleting, refuseDeletingGroup, refuseMissingGroup } from '../../../core/resource-group.ts';
import { foldId, formatGroupId } from '../../../core/resource-id.ts';
import type { Answer, Call, Operation } from '../../provider-contract.ts';
import { parseFilter } from './filter.ts';
import { checkGroupName, patchGroup, planGroup, withState } from './group.ts';
import { groupDocuments } from './tree.ts';

const path = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}';

/** Resource groups. */
export function groupOperations(store: Store): readonly Operation[] {
  const action = 'Microsoft.Resources/subscriptions/resourceGroups';
  const read = `${action}/read`;
  return [
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/resourceGroups',
      permission: read,
      handle: (call) => listGroups(store, call),
    },
    { method: 'GET', path, permission: read, handle: (call) => getGroup(store, call) },
    { method: 'HEAD', path, permission: read, handle: (call) => getGroup(store, call) },
    { method: 'PUT', path, permission: `${action}/write`, handle: (call) => putGroup(store, call) },
    { method: 'PATCH', path, permission: `${action}/write`, handle: (call) => patch(store, call) },
    { method: 'DELETE', path, permission: `${action}/delete`, handle: (call) => deleteGroup(store, call) },
  ];
}

async function listGroups(store: Store, call: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(call.query.get('$filter'));
  if (isRefusal(filter)) return filter;
  const groups = (await groupDocuments(store, call.params['subscriptionId'] ?? ''))
    .map(({ body }) => body)
    .filter(filter);
  const page = pageOf(groups, (group) => foldId(String(group['id'])), call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

async function getGroup(store: Store, call: Call): Promise<Answer | Refusal> {
  const group = await find(store, call);
  return isRefusal(group) ? group : { status: 200, body: group.body };
}

async function putGroup(store: Store, call: Call): Promise<Answer | Refusal> {
  const name = call.params['resourceGroupName'] ?? '';
  const wrong = checkGroupName(name);
  if (wrong !== undefined) return wrong;
  const existing = await store.get(documentKey(call.resourceId));
  if (existing !== undefined && isGroupDeleting(existing.body)) return refuseDeletingGroup(name);
  const group = planGroup(call.resourceId, name, isJsonObject(call.body) ? call.body : {}, existing?.body);
  return isRefusal(group) ? group : commit(store, call, group, existing);
}

async function patch(store: Store, call: Call): Promise<Answer | Refusal> {
  const existing = await find(store, call);
  if (isRefusal(existing)) return existing;
  if (isGroupDeleting(existing.body)) return refuseDeletingGroup(String(existing.body['name']));
  const group = patchGroup(isJsonObject(call.body) ? call.body : {}, existing.body);
  return isRefusal(group) ? group : commit(store, call, group, existing);
}

async function deleteGroup(store: Store, call: Call): Promise<Answer | Refusal> {
  const existing = await find(store, call);
  if (isRefusal(existing)) return existing;
  const input = { groupId: String(existing.body['id']) };
  if (!isGroupDeleting(existing.body)) {
    const done = await commit(store, call, withState(existing.body, 'Deleting'), existing);
    if (isRefusal(done)) return done;
  }
  return { status: 202, work: 'deleteResourceGroup', input, finalStatus: 200 };
}

/** Writes a group over the one that was read; another's write in between is a conflict. */
async function commit(store: Store, call: Call, body: JsonObject, existing?: Document): Promise<Answer | Refusal> {
  const when = existing === undefined ? ({ absent: true } as const) : { etag: existing.etag };
  const done = await store.transact([{ put: documentKey(call.resourceId), body, when }]);
  if ('conflict' in done) {
    const message = `The resource group '${call.params['resourceGroupName']}' was changed by another request. Try again.`;
    return refuse('Conflict', message);
  }
  return { status: existing === undefined ? 201 : 200, body };
}

async function find(store: Store, { params }: Call): Promise<Document | Refusal> {
  const name = params['resourceGroupName'] ?? '';
  const group = await store.get(documentKey(formatGroupId(params['subscriptionId'] ?? '', name)));
  return group ?? refuseMissingGroup(name);
}
