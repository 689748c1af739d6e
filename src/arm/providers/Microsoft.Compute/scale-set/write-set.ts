import { judgeConditions } from '../../../../core/conditions.ts';
import { changeIdentity } from '../../../../core/identity/change-identity.ts';
import type { JsonObject } from '../../../../core/json.ts';
import { parseLocation } from '../../../../core/location.ts';
import type { Document, Write } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { nameOf } from '../../../../core/resource-id.ts';
import { stampSystemData } from '../../../../core/system-data.ts';
import { formatArmTime } from '../../../../core/time.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { judgeVmSize } from '../catalog/vm-sizes.ts';
import { judgeUse, markUse } from '../galleries/profile-use.ts';
import { inState, machineKey, propertiesOf, stateOf } from '../machine-document.ts';
import { judgeMachineName } from '../machine-name.ts';
import { partOf } from '../machine-properties.ts';
import { changedMeanwhile, hostUnavailable, machineNotFound } from '../machine-refusals.ts';
import { judgeLocation } from '../write-machine.ts';
import { defaultSet, nextSet } from './next-set.ts';
import { planInstances } from './plan-instances.ts';
import { countersOf, instancesOf, isStanding, setBeingDeleted, setType, uniqueIdOf } from './set-document.ts';
import { parseSetRequest, type SetRequest } from './set-request.ts';
import { showSet } from './show-set.ts';

/** Makes a scale set with its instances, or replaces the settings of one that is there: more or fewer of them by `sku.capacity`. */
export async function putSet(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const before = await context.store.get(machineKey(call.resourceId));
  const unmet = judgeConditions(call, before) ?? judgeMachineName(nameOf(call.resourceId), 'vmScaleSetName');
  if (unmet !== undefined) return unmet;
  const asked = await judgeSetRequest(context, call);
  if (isRefusal(asked)) return asked;
  return before === undefined
    ? createSet(context, call, asked)
    : updateSet(context, call, { before, asked, method: 'PUT' });
}

/** Changes what the body names. Refuses `ResourceNotFound`. */
export async function patchSet(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const before = await context.store.get(machineKey(call.resourceId));
  if (before === undefined) return machineNotFound(call.resourceId);
  const unmet = judgeConditions(call, before);
  if (unmet !== undefined) return unmet;
  const asked = await judgeSetRequest(context, call);
  return isRefusal(asked) ? asked : updateSet(context, call, { before, asked, method: 'PATCH' });
}

async function judgeSetRequest({ store }: ProviderContext, { body }: Call): Promise<SetRequest | Refusal> {
  const asked = parseSetRequest(body);
  if (isRefusal(asked)) return asked;
  const unusable = await judgeUse(store, asked.properties['virtualMachineProfile']);
  return unusable ?? (await judgeVmSize(asked.sku.name, 'sku.name')) ?? asked;
}

async function createSet(context: ProviderContext, call: Call, asked: SetRequest): Promise<Answer | Refusal> {
  const { machineHost, random } = context;
  const { resourceId, now } = call;
  const location = parseLocation(asked.location, setType);
  if (isRefusal(location)) return location;
  const next = nextSet(asked, { ...defaultSet, name: nameOf(resourceId) }, 'PUT');
  if (isRefusal(next)) return next;
  const identity = await changeIdentity(context, {
    ...{ resourceId, method: 'PUT', before: undefined, asked: asked.identity, location },
  });
  if (isRefusal(identity)) return identity;
  const support = await machineHost.support();
  if (!support.supported) return hostUnavailable(support.missing);
  const own = { provisioningState: 'Creating', uniqueId: random.uuid(), timeCreated: formatArmTime(now) };
  const body: JsonObject = {
    ...{ id: resourceId, name: nameOf(resourceId), type: setType, location },
    ...next.body,
    ...(identity.block === undefined ? {} : { identity: identity.block }),
    systemData: stampSystemData(undefined, call.caller, now),
    properties: { ...propertiesOf(next.body), ...own, nextInstance: next.capacity },
  };
  const put = { put: machineKey(resourceId), body, when: { absent: true } } as const;
  return commit(context, body, [put, ...planInstances(context, body, next.capacity), ...identity.writes], 201);
}

interface Update {
  readonly before: Document;
  readonly asked: SetRequest;
  readonly method: 'PUT' | 'PATCH';
}

async function updateSet(context: ProviderContext, call: Call, update: Update): Promise<Answer | Refusal> {
  const { before, asked, method } = update;
  if (stateOf(before.body) === 'Deleting') return setBeingDeleted(nameOf(call.resourceId));
  const moved = judgeLocation(call, asked.location, before.body, method);
  const next = moved ?? nextSet(asked, before.body, method);
  if (isRefusal(next)) return next;
  const resourceId = String(before.body['id']);
  const location = String(before.body['location']);
  const identity = await changeIdentity(context, {
    ...{ resourceId, method, before: before.body['identity'], asked: asked.identity, location },
  });
  if (isRefusal(identity)) return identity;
  const scaling = await scale(context, next.body, next.capacity);
  const { identity: _, ...rest } = scaling.body;
  const body: JsonObject = {
    ...rest,
    ...(identity.block === undefined ? {} : { identity: identity.block }),
    systemData: stampSystemData(before.body['systemData'], call.caller, call.now),
    properties: { ...propertiesOf(scaling.body), provisioningState: 'Updating' },
  };
  const put = { put: before.key, body, when: { etag: before.etag } } as const;
  return commit(context, body, [put, ...scaling.writes, ...identity.writes], 200);
}

async function commit(
  { store }: ProviderContext,
  body: JsonObject,
  writes: readonly Write[],
  status: 200 | 201,
): Promise<Answer | Refusal> {
  const resourceId = String(body['id']);
  const use = markUse(partOf(propertiesOf(body), 'virtualMachineProfile'));
  const committed = await store.transact([...writes, ...use]);
  if ('conflict' in committed) return changedMeanwhile(resourceId);
  const etag = committed.etags.get(machineKey(resourceId)) ?? '';
  const input = { resourceId, uniqueId: uniqueIdOf(body) };
  return { status, body: showSet(body, etag), etag, work: 'convergeScaleSet', input };
}

/** A set with so many instances: new ones get the next numbers, and the newest go first, as in Azure's default policy. */
async function scale(
  context: ProviderContext,
  set: JsonObject,
  capacity: number,
): Promise<{ readonly body: JsonObject; readonly writes: readonly Write[] }> {
  const standing = (await instancesOf(context.store, String(set['id']))).filter(isStanding);
  const more = capacity - standing.length;
  if (more <= 0) return { body: set, writes: standing.slice(capacity).map(markDeleting) };
  const nextInstance = countersOf(set).nextInstance + more;
  const body = { ...set, properties: { ...propertiesOf(set), nextInstance } };
  return { body, writes: planInstances(context, body, more) };
}

/** The write that takes an instance out: from here on it has no identities, and nothing starts it. */
export function markDeleting({ key, body, etag }: Document): Write {
  return { put: key, body: inState(body, 'Deleting'), when: { etag } };
}
