import type { JsonObject } from '../../../core/json.ts';
import { subscriptionEntryKey } from '../../../core/management/management-group.ts';
import type { ManagementTree, PlacedSubscription } from '../../../core/management/management-tree.ts';
import { refuseMissingGroup } from '../../../core/management/place-group.ts';
import type { Write } from '../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { showSubscription } from './show-group.ts';
import { changeTree, readTree } from './tree.ts';

/** PUT: the subscription lies in the group from now on. */
export function addSubscription(context: ProviderContext, { params }: Call): Promise<Answer | Refusal> {
  return changeTree(context, (tree) => {
    const group = tree.group(params['groupId'] ?? '');
    if (group === undefined) return refuseMissingGroup(params['groupId'] ?? '');
    const found = findSubscription(tree, params);
    if (found === undefined) return refuseMissingSubscription(params);
    const moved = { ...found, managementGroup: group.name };
    return { writes: [placeWrite(moved)], answer: { status: 200, body: showSubscription(moved, tree.root.tenantId) } };
  });
}

/** DELETE: the subscription lies in the root again. Nothing happens when it does not lie in the group. */
export function removeSubscription(context: ProviderContext, { params }: Call): Promise<Answer | Refusal> {
  return changeTree(context, (tree) => {
    const found = findIn(tree, params);
    if (found === undefined) return { writes: [], answer: { status: 204 } };
    return { writes: [placeWrite({ ...found, managementGroup: tree.root.name })], answer: { status: 200 } };
  });
}

/** GET of a subscription in a group. */
export async function getSubscription(context: ProviderContext, { params }: Call): Promise<Answer | Refusal> {
  const tree = await readTree(context);
  if (tree.group(params['groupId'] ?? '') === undefined) return refuseMissingGroup(params['groupId'] ?? '');
  const found = findIn(tree, params);
  if (found === undefined) return refuseMissingSubscription(params);
  return { status: 200, body: showSubscription(found, tree.root.tenantId) };
}

/** GET of the subscriptions directly in a group. */
export async function listSubscriptions(context: ProviderContext, { params }: Call): Promise<Answer | Refusal> {
  const tree = await readTree(context);
  const name = params['groupId'] ?? '';
  if (tree.group(name) === undefined) return refuseMissingGroup(name);
  const value = tree.subscriptionsIn(name).map((one): JsonObject => showSubscription(one, tree.root.tenantId));
  return { status: 200, body: { value } };
}

/** The write that gives a subscription its place. */
function placeWrite({ subscriptionId, managementGroup }: PlacedSubscription): Write {
  return { put: subscriptionEntryKey(subscriptionId), body: { subscriptionId, managementGroup } };
}

function findSubscription(tree: ManagementTree, params: Call['params']): PlacedSubscription | undefined {
  const id = params['subscriptionId']?.toLowerCase();
  return tree.subscriptions().find(({ subscriptionId }) => subscriptionId.toLowerCase() === id);
}

function findIn(tree: ManagementTree, params: Call['params']): PlacedSubscription | undefined {
  const found = findSubscription(tree, params);
  return found?.managementGroup.toLowerCase() === params['groupId']?.toLowerCase() ? found : undefined;
}

function refuseMissingSubscription(params: Call['params']): Refusal {
  return refuse(
    'NotFound',
    `The subscription '${params['subscriptionId']}' was not found in the management group '${params['groupId']}'.`,
  );
}
