import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { documentKey } from '../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';

const longestName = 64;

/** POST rename: another name to show. */
export async function renameSubscription(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const name = isJsonObject(call.body) ? call.body['subscriptionName'] : undefined;
  if (typeof name !== 'string' || name.trim() === '' || name.length > longestName) {
    return refuse('InvalidRequestContent', `The 'subscriptionName' must have 1 to ${longestName} characters.`);
  }
  return change(context, call, () => ({ displayName: name }));
}

/** POST cancel: the subscription takes deletions alone until it is enabled again. What it has goes on. */
export async function cancelSubscription(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  return change(context, call, ({ state }) =>
    state === 'Enabled'
      ? { state: 'Warned' }
      : refuse('OperationNotAllowed', `The subscription '${call.params['subscriptionId']}' is cancelled already.`),
  );
}

/** POST enable: a cancelled subscription takes writes again. */
export async function enableSubscription(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  return change(context, call, ({ state }) =>
    state === 'Enabled'
      ? refuse('OperationNotAllowed', `The subscription '${call.params['subscriptionId']}' is enabled already.`)
      : { state: 'Enabled' },
  );
}

/** Changes the subscription's document on top of whatever else is changed at the same time: a lost race is run again. */
async function change(
  { store }: ProviderContext,
  { params }: Call,
  plan: (subscription: JsonObject) => JsonObject | Refusal,
): Promise<Answer | Refusal> {
  const subscriptionId = params['subscriptionId'] ?? '';
  const key = documentKey(formatSubscriptionId(subscriptionId));
  for (;;) {
    const found = await store.get(key);
    if (found === undefined) {
      return refuse('SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
    }
    const planned = plan(found.body);
    if ('refused' in planned) return planned as Refusal;
    const done = await store.transact([{ put: key, body: { ...found.body, ...planned }, when: { etag: found.etag } }]);
    if (!('conflict' in done)) return { status: 200, body: { subscriptionId } };
  }
}
