import { judgeConditions } from '../../../../core/conditions.ts';
import { endIdentity } from '../../../../core/identity/change-identity.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { nameOf } from '../../../../core/resource-id.ts';
import { type Answer, type Call, type ProviderContext, suspended } from '../../../provider-contract.ts';
import { inState, machineKey, propertiesOf, stateOf, vmIdOf } from '../machine-document.ts';
import { changedMeanwhile, machineNotFound } from '../machine-refusals.ts';
import { inTurn } from '../turns.ts';
import { removeInstance } from './converge-set.ts';
import { inLanes, type Outcome } from './in-lanes.ts';
import { parseInstanceIds } from './instance-ids.ts';
import { findSet, instancesOf, isStanding, setBeingDeleted, setIdOf, skuOf, uniqueIdOf } from './set-document.ts';
import { markDeleting } from './write-set.ts';

/** Accepts a set's deletion: its instances go with it, and from here on none of them has an identity. 204 when there is none. */
export async function deleteSet({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const found = await store.get(machineKey(call.resourceId));
  const unmet = judgeConditions(call, found);
  if (unmet !== undefined) return unmet;
  if (found === undefined) return { status: 204 };
  const resourceId = String(found.body['id']);
  if (stateOf(found.body) !== 'Deleting') {
    const standing = (await instancesOf(store, resourceId)).filter(isStanding);
    const committed = await store.transact([markDeleting(found), ...standing.map(markDeleting)]);
    if ('conflict' in committed) return changedMeanwhile(resourceId);
  }
  const input = { resourceId, uniqueId: uniqueIdOf(found.body) };
  return { status: 202, work: 'deleteScaleSet', input, finalStatus: 204 };
}

/** The work of a set's deletion: its instances, then its document with its principal. */
export async function removeSet(context: ProviderContext, setId: string, uniqueId: string): Promise<Outcome> {
  const { store, directory, machineHost } = context;
  return inTurn(machineHost, setId, async () => {
    const set = await findSet(store, setId, uniqueId);
    if (isRefusal(set)) return undefined;
    const removed = await inLanes(await instancesOf(store, setId), ({ body }) =>
      removeInstance(context, String(body['id']), vmIdOf(body)),
    );
    if (removed === suspended) return suspended;
    const { key, etag, body } = set;
    const writes = [{ remove: key, when: { etag } }, { removeTree: key }, ...endIdentity(directory, body)];
    return 'conflict' in (await store.transact(writes)) ? changedMeanwhile(setId) : undefined;
  });
}

/** Accepts the deletion of the instances that the body names (`instanceIds`); the set is smaller by as many. */
export async function deleteInstances({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const set = await findSet(store, call.resourceId);
  if (isRefusal(set)) return set;
  const standing = (await instancesOf(store, call.resourceId)).filter(isStanding);
  const named = parseInstanceIds(call.body, standing, { required: true });
  if (isRefusal(named)) return named;
  return takeOut({ store }, call.resourceId, named);
}

/** Accepts the deletion of one instance. 204 when there is none. */
export async function deleteInstance({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const setId = setIdOf(call.resourceId);
  const set = await findSet(store, setId);
  if (isRefusal(set)) return machineNotFound(setId);
  const found = await store.get(machineKey(call.resourceId));
  return found === undefined || !isStanding(found) ? { status: 204 } : takeOut({ store }, setId, [found]);
}

async function takeOut(
  { store }: Pick<ProviderContext, 'store'>,
  setId: string,
  instances: Parameters<typeof inLanes>[0],
): Promise<Answer | Refusal> {
  const set = await findSet(store, setId);
  if (isRefusal(set)) return set;
  if (stateOf(set.body) === 'Deleting') return setBeingDeleted(nameOf(setId));
  const sku = { ...skuOf(set.body), capacity: skuOf(set.body).capacity - instances.length };
  const properties = propertiesOf(inState(set.body, 'Updating'));
  const put = { put: set.key, body: { ...set.body, sku, properties }, when: { etag: set.etag } };
  const committed = await store.transact([put, ...instances.map(markDeleting)]);
  if ('conflict' in committed) return changedMeanwhile(setId);
  const input = { resourceId: String(set.body['id']), uniqueId: uniqueIdOf(set.body) };
  return { status: 202, work: 'convergeScaleSet', input };
}
