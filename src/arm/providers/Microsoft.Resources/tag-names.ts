import type { JsonObject } from '../../../core/json.ts';
import { type DocumentKey, documentKey, type Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';
import { parseTags } from '../../../core/tags.ts';
import type { Answer, Call, Operation } from '../../provider-contract.ts';
import { countTags, formatTagName, formatTagValue, type TagCounts } from './tag-counts.ts';

const names = '/subscriptions/{subscriptionId}/tagNames';

/** The predefined names and values of tags in a subscription, with how often each is in use. */
export function tagNameOperations(store: Store): readonly Operation[] {
  const action = 'Microsoft.Resources/subscriptions/tagNames';
  const one = { path: `${names}/{tagName}`, type: action };
  const value = { path: `${names}/{tagName}/tagValues/{tagValue}`, type: `${action}/tagValues` };
  return [
    { method: 'GET', path: names, permission: `${action}/read`, handle: (call) => listNames(store, call) },
    ...[one, value].flatMap(({ path, type }): readonly Operation[] => [
      { method: 'PUT', path, permission: `${type}/write`, bodiless: true, handle: (call) => define(store, call) },
      { method: 'DELETE', path, permission: `${type}/delete`, handle: (call) => forget(store, call) },
    ]),
  ];
}

/** Where a name, or a value below its name, is kept: apart from the resources. Values may have characters that keys use. */
function keyOf({ params }: Call): DocumentKey {
  const { subscriptionId = '', tagName = '', tagValue } = params;
  const name = `${rootOf(subscriptionId)}/${encodeURIComponent(tagName)}`;
  return documentKey(tagValue === undefined ? name : `${name}/${encodeURIComponent(tagValue)}`);
}

function rootOf(subscriptionId: string): DocumentKey {
  return documentKey(`/tag-names/${subscriptionId}`);
}

async function define(store: Store, call: Call): Promise<Answer | Refusal> {
  const { subscriptionId = '', tagName = '', tagValue } = call.params;
  const judged = parseTags({ [tagName]: tagValue ?? '' });
  if (isRefusal(judged)) return judged;
  if (
    tagValue !== undefined &&
    (await store.get(documentKey(`${rootOf(subscriptionId)}/${encodeURIComponent(tagName)}`))) === undefined
  ) {
    return refuse('TagNotFound', `The tag name '${tagName}' is not defined in the subscription. Create it first.`);
  }
  const body: JsonObject = { tagName, ...(tagValue === undefined ? {} : { tagValue }) };
  const done = await store.transact([{ put: keyOf(call), body, when: { absent: true } }]);
  const status = 'conflict' in done ? 200 : 201;
  const counts = await countsOf(store, subscriptionId);
  const id = `${formatSubscriptionId(subscriptionId)}/tagNames/${tagName}`;
  return {
    status,
    body: tagValue === undefined ? formatTagName(id, tagName, counts) : formatTagValue(id, tagName, tagValue, counts),
  };
}

/** Takes a predefined name or value away. Refuses one that a resource has, and a name that still has values. */
async function forget(store: Store, call: Call): Promise<Answer | Refusal> {
  const { subscriptionId = '', tagName = '', tagValue } = call.params;
  const key = keyOf(call);
  if ((await store.get(key)) === undefined) return { status: 204 };
  const uses = (await countsOf(store, subscriptionId)).uses(tagName, tagValue);
  if (uses > 0) {
    const what = tagValue === undefined ? `tag name '${tagName}'` : `value '${tagValue}' of the tag '${tagName}'`;
    return refuse('TagInUse', `The ${what} is on ${uses} resource(s): take it off them first.`);
  }
  if ((await store.list(key)).length > 0) {
    return refuse('TagInUse', `The tag name '${tagName}' has predefined values: delete them first.`);
  }
  await store.transact([{ remove: key }]);
  return { status: 200 };
}

async function listNames(store: Store, { params }: Call): Promise<Answer> {
  const subscriptionId = params['subscriptionId'] ?? '';
  const counts = await countsOf(store, subscriptionId);
  const id = (name: string) => `${formatSubscriptionId(subscriptionId)}/tagNames/${name}`;
  return { status: 200, body: { value: counts.names().map((name) => formatTagName(id(name), name, counts)) } };
}

async function countsOf(store: Store, subscriptionId: string): Promise<TagCounts> {
  const subscription = documentKey(formatSubscriptionId(subscriptionId));
  const own = await store.get(subscription);
  const [resources, predefined] = await Promise.all([store.list(subscription), store.list(rootOf(subscriptionId))]);
  const bodies = [...(own === undefined ? [] : [own]), ...resources].map(({ body }) => body);
  return countTags(
    bodies,
    predefined.map(({ body }) => body),
  );
}
