import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { nameOf } from '../../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { machineKey, stateOf, vmIdOf } from '../machine-document.ts';
import { changePower, type PowerWork } from '../power.ts';
import { upgradeInstance } from './converge-set.ts';
import { inLanes, type Outcome } from './in-lanes.ts';
import { parseInstanceIds } from './instance-ids.ts';
import { findSet, instancesOf, isStanding, setBeingDeleted, uniqueIdOf } from './set-document.ts';

/** What can be done to instances of a set: a change of their power, or the set's model of now. */
export type InstanceWork = PowerWork | 'upgradeInstance';

/** Accepts something for the instances that the body names, or for all. Refuses `ResourceNotFound` and `InvalidParameter`. */
export async function acceptForInstances(
  { store }: ProviderContext,
  call: Call,
  does: InstanceWork,
): Promise<Answer | Refusal> {
  const set = await findSet(store, call.resourceId);
  if (isRefusal(set)) return set;
  if (stateOf(set.body) === 'Deleting') return setBeingDeleted(nameOf(call.resourceId));
  const standing = (await instancesOf(store, call.resourceId)).filter(isStanding);
  const named = parseInstanceIds(call.body, standing, { required: does === 'upgradeInstance' });
  if (isRefusal(named)) return named;
  const input = {
    resourceId: String(set.body['id']),
    uniqueId: uniqueIdOf(set.body),
    does,
    instances: named.map(({ body }) => String(body['id'])),
    all: named.length === standing.length && !namesEach(call.body),
  };
  return { status: 202, work: 'workOnInstances', input };
}

function namesEach(body: Call['body']): boolean {
  const ids = isJsonObject(body) ? body['instanceIds'] : undefined;
  return Array.isArray(ids) && !ids.includes('*');
}

/** The work: each instance in its own turn. Where all are meant, those that it makes no sense of are passed over. */
export async function workOnInstances(context: ProviderContext, input: JsonObject): Promise<Outcome> {
  const set = await findSet(context.store, String(input['resourceId']), String(input['uniqueId']));
  if (isRefusal(set)) return set;
  const ids = (input['instances'] as readonly string[]).map(machineKey);
  const found = await Promise.all(ids.map((key) => context.store.get(key)));
  const instances = found.filter((instance) => instance !== undefined).filter(isStanding);
  const does = input['does'] as InstanceWork;
  return inLanes(instances, async ({ body }) => {
    const resourceId = String(body['id']);
    if (does === 'upgradeInstance') {
      await upgradeInstance(context.store, set.body, resourceId);
      return undefined;
    }
    const outcome = await changePower(context, resourceId, vmIdOf(body), does);
    return input['all'] === true && isRefusal(outcome) && outcome.refused === 'OperationNotAllowed'
      ? undefined
      : outcome;
  });
}
