import {
  managementGroupsRoot,
  managementGroupType,
  parseManagementGroup,
  rootManagementGroup,
  subscriptionEntries,
} from '../../../core/management/management-group.ts';
import { ManagementTree, type PlacedSubscription } from '../../../core/management/management-tree.ts';
import { documentKey, type Store, type Write } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';
import type { Answer, ProviderContext } from '../../provider-contract.ts';
import { seedRootGroup } from './root-group.ts';

/** What a change of the tree comes to: the writes, and what is answered when they are done. */
export interface Change {
  readonly writes: readonly Write[];
  readonly answer: Answer;
}

/** Plans a change of the tree as it is now; `version` is the number that the change has. */
export type PlanChange = (tree: ManagementTree, version: number) => Change | Refusal;

/** Counts the changes. Every change is made on the tree that it was planned over, so that no two make a cycle together. */
const revisionKey = documentKey('/management-group-hierarchy');

/** Reads the tree. */
export async function readTree({ store, directory, clock }: ProviderContext): Promise<ManagementTree> {
  const [groups, entries] = await Promise.all([
    store.list(managementGroupsRoot, { type: managementGroupType }),
    store.list(subscriptionEntries),
  ]);
  const root = rootManagementGroup(directory.tenant.tenantId, clock.now());
  const subscriptions = await Promise.all(
    entries.map(({ body }) => readSubscription(store, String(body['subscriptionId']), body['managementGroup'])),
  );
  const parsed = groups.map(({ body }) => parseManagementGroup(body));
  return new ManagementTree(root, parsed, subscriptions.map(at(root.name)));
}

/** Changes the tree: plans over what there is, again when another change came first. */
export async function changeTree(context: ProviderContext, plan: PlanChange): Promise<Answer | Refusal> {
  const { store, directory, clock } = context;
  await seedRootGroup(store, directory.tenant.tenantId, clock.now());
  for (;;) {
    const before = await store.get(revisionKey);
    const version = Number(before?.body['revision'] ?? 1) + 1;
    const tree = await readTree(context);
    const change = plan(tree, version);
    if (isRefusal(change)) return change;
    const when = before === undefined ? ({ absent: true } as const) : { etag: before.etag };
    const counted = { put: revisionKey, body: { revision: version }, when };
    const done = await store.transact([counted, ...change.writes]);
    if (!('conflict' in done)) return change.answer;
  }
}

type Unplaced = Omit<PlacedSubscription, 'managementGroup'> & { readonly group: unknown };

async function readSubscription(store: Store, subscriptionId: string, group: unknown): Promise<Unplaced> {
  const document = await store.get(documentKey(formatSubscriptionId(subscriptionId)));
  const displayName = String(document?.body['displayName'] ?? subscriptionId);
  return { subscriptionId, displayName, state: String(document?.body['state'] ?? 'Deleted'), group };
}

function at(rootName: string): (subscription: Unplaced) => PlacedSubscription {
  return ({ group, ...subscription }) => ({
    ...subscription,
    managementGroup: typeof group === 'string' ? group : rootName,
  });
}
