import type { JsonObject } from '../../../core/json.ts';
import { lockType, parseLock } from '../../../core/locks/lock.ts';
import { type DocumentKey, documentKey, type Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { refuseMissingGroup } from '../../../core/resource-group.ts';
import { formatSubscriptionId, formatType, isAtOrBelow, nameOf, parseResourceId } from '../../../core/resource-id.ts';
import type { Answer, Call, Operation, ResourceType } from '../../provider-contract.ts';
import { parseFilter } from './filter.ts';
import { parseLockRequest } from './locks-request.ts';

const many = '/{scope}/providers/Microsoft.Authorization/locks';
const one = `${many}/{lockName}`;

/** How many locks one scope may have. @see the limits of Azure Resource Manager, "management locks per unique scope" */
const locksPerScope = 20;

/** locks: at a subscription, a resource group or a resource. What they forbid is refused at the door. */
export function locks(store: Store): ResourceType {
  const operation = (
    method: Operation['method'],
    path: string,
    verb: string,
    handle: Operation['handle'],
  ): Operation => ({
    method,
    path,
    permission: `Microsoft.Authorization/locks/${verb}`,
    despiteLocks: true,
    handle,
  });
  return {
    type: 'locks',
    apiVersions: ['2020-05-01', '2017-04-01', '2016-09-01', '2015-06-01', '2015-05-01-preview', '2015-01-01'],
    regional: false,
    operations: [
      operation('GET', many, 'read', (call) => listLocks(store, call)),
      operation('GET', one, 'read', (call) => getLock(store, call)),
      operation('PUT', one, 'write', (call) => putLock(store, call)),
      operation('DELETE', one, 'delete', (call) => deleteLock(store, call)),
    ],
  };
}

async function getLock(store: Store, { resourceId, params }: Call): Promise<Answer | Refusal> {
  const found = await store.get(documentKey(resourceId));
  if (found !== undefined) return { status: 200, body: found.body };
  return refuse('LockNotFound', `The lock '${params['lockName']}' could not be found.`);
}

async function deleteLock(store: Store, { resourceId }: Call): Promise<Answer> {
  const key = documentKey(resourceId);
  const done = await store.transact([{ remove: key, when: { exists: true } }]);
  return { status: 'conflict' in done ? 204 : 200 };
}

async function putLock(store: Store, call: Call): Promise<Answer | Refusal> {
  const { params, resourceId } = call;
  const [name, scope] = [params['lockName'] ?? '', params['scope'] ?? '/'];
  const properties = parseLockRequest(name, call.body);
  if (isRefusal(properties)) return properties;
  const refused = (await checkScope(store, scope)) ?? (await checkRoom(store, scope, documentKey(resourceId)));
  if (refused !== undefined) return refused;
  const existing = await store.get(documentKey(resourceId));
  const { id = resourceId, name: spelled = name } = existing?.body ?? {};
  const body: JsonObject = { properties, id, type: 'Microsoft.Authorization/locks', name: spelled };
  await store.transact([{ put: documentKey(resourceId), body }]);
  return (await undoWithoutScope(store, call)) ?? { status: existing === undefined ? 201 : 200, body };
}

/** A lock ends with its scope: one that was made while its scope was being deleted is taken back. */
async function undoWithoutScope(store: Store, { params, resourceId }: Call): Promise<Refusal | undefined> {
  const gone = await checkScope(store, params['scope'] ?? '/');
  if (gone !== undefined) await store.transact([{ remove: documentKey(resourceId) }]);
  return gone;
}

/** Whether the scope can be locked and exists. Management groups and the tenant cannot, as in Azure. */
async function checkScope(store: Store, scope: string): Promise<Refusal | undefined> {
  const { subscriptionId, resourceGroupName, provider } = parseResourceId(scope) ?? {};
  if (subscriptionId === undefined) {
    return refuse('InvalidRequestUri', `A lock cannot be at '${scope}': it must be at a subscription or below.`);
  }
  if ((await store.get(documentKey(scope))) !== undefined) return undefined;
  if (provider === undefined && resourceGroupName !== undefined) return refuseMissingGroup(resourceGroupName);
  const type = provider === undefined ? '' : `${formatType(provider)}/`;
  const where = resourceGroupName === undefined ? '' : ` under resource group '${resourceGroupName}'`;
  return refuse('ResourceNotFound', `The Resource '${type}${nameOf(scope)}'${where} was not found.`);
}

async function checkRoom(store: Store, scope: string, key: DocumentKey): Promise<Refusal | undefined> {
  const there = await store.list(documentKey(`${scope}/providers/${lockType}`));
  if (there.length < locksPerScope || there.some((lock) => lock.key === key)) return undefined;
  return refuse('LockLimitExceeded', `The scope '${scope}' has ${locksPerScope} locks; no more are possible.`);
}

/** The locks at the scope, above and below it; `atScope()` leaves out those below. @see Get-AzResourceLock, -AtScope */
async function listLocks(store: Store, { params, query }: Call): Promise<Answer | Refusal> {
  const filter = parseFilter(query.get('$filter'), ['atScope()']);
  if (isRefusal(filter)) return filter;
  const scope = params['scope'] ?? '/';
  const subscriptionId = parseResourceId(scope)?.subscriptionId;
  const all =
    subscriptionId === undefined
      ? []
      : await store.list(documentKey(formatSubscriptionId(subscriptionId)), { type: lockType });
  const value = all
    .map(({ body }) => body)
    .filter((body) => {
      const locked = parseLock(body)?.scope ?? '';
      return isAtOrBelow(scope, locked) || (filter.length === 0 && isAtOrBelow(locked, scope));
    });
  return { status: 200, body: { value } };
}
