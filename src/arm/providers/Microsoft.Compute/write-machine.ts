import { judgeConditions } from '../../../core/conditions.ts';
import { changeIdentity } from '../../../core/identity/change-identity.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { parseLocation } from '../../../core/location.ts';
import type { Document } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { nameOf, parseResourceId } from '../../../core/resource-id.ts';
import { stampSystemData } from '../../../core/system-data.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { judgeVmSize } from './catalog/vm-sizes.ts';
import { judgeUse, markUse } from './galleries/profile-use.ts';
import { machineKey, stateOf, vmIdOf } from './machine-document.ts';
import { machineType } from './machine-name.ts';
import { partOf } from './machine-properties.ts';
import { beingDeleted, changedMeanwhile, hostUnavailable, machineNotFound } from './machine-refusals.ts';
import { parseMachineRequest } from './machine-request.ts';
import { nextMachine } from './next-machine.ts';
import { planMachine } from './plan-machine.ts';
import { renewAccounts } from './renew-accounts.ts';
import { showMachine } from './show-machine.ts';

/** Makes a machine (a long-running operation: it is brought up for real), or replaces the settings of one that is there. */
export async function putMachine(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const before = await context.store.get(machineKey(call.resourceId));
  const unmet = judgeConditions(call, before);
  if (unmet !== undefined) return unmet;
  return before === undefined ? createMachine(context, call) : updateMachine(context, call, before, 'PUT');
}

/** Changes what the body names: tags as a set, identities by their own rules, properties as a merge patch. */
export async function patchMachine(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const before = await context.store.get(machineKey(call.resourceId));
  if (before === undefined) return machineNotFound(call.resourceId);
  return judgeConditions(call, before) ?? updateMachine(context, call, before, 'PATCH');
}

async function createMachine(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const { resourceId, now } = call;
  const systemData = stampSystemData(undefined, call.caller, now);
  const planned = await planMachine(context, { resourceId, body: call.body, now, systemData });
  if (isRefusal(planned)) return planned;
  const support = await context.machineHost.support();
  if (!support.supported) return hostUnavailable(support.missing);
  const committed = await context.store.transact(planned.writes);
  if ('conflict' in committed) return changedMeanwhile(resourceId);
  const etag = committed.etags.get(machineKey(resourceId)) ?? '';
  const input = { resourceId, vmId: planned.vmId };
  return { status: 201, body: showMachine(planned.body, etag), etag, work: 'createMachine', input };
}

async function updateMachine(
  context: ProviderContext,
  call: Call,
  before: Document,
  method: 'PUT' | 'PATCH',
): Promise<Answer | Refusal> {
  if (stateOf(before.body) === 'Deleting') return beingDeleted(call.resourceId);
  const asked = parseMachineRequest(call.body);
  if (isRefusal(asked)) return asked;
  const next = judgeLocation(call, asked.location, before.body, method) ?? nextMachine(asked, before.body, method);
  if (isRefusal(next)) return next;
  const unknown =
    (await judgeVmSize(partOf(asked.properties, 'hardwareProfile')['vmSize'])) ??
    (await judgeUse(context.store, asked.properties));
  if (unknown !== undefined) return unknown;
  const resourceId = String(before.body['id']);
  const location = String(before.body['location']);
  const change = { resourceId, method, before: before.body['identity'], asked: asked.identity, location };
  const identity = await changeIdentity(context, change);
  if (isRefusal(identity)) return identity;
  const { identity: _identity, tags: _tags, ...rest } = before.body;
  const again = stateOf(before.body) === 'Failed' && method === 'PUT';
  const provisioningState = again ? 'Updating' : stateOf(before.body);
  const body: JsonObject = {
    ...rest,
    ...next.others,
    ...(next.tags === undefined ? {} : { tags: next.tags }),
    ...(identity.block === undefined ? {} : { identity: identity.block }),
    systemData: stampSystemData(before.body['systemData'], call.caller, call.now),
    properties: { ...next.properties, provisioningState },
  };
  const put = { put: before.key, body, when: { etag: before.etag } } as const;
  const committed = await context.store.transact([put, ...identity.writes, ...markUse(next.properties)]);
  if ('conflict' in committed) return changedMeanwhile(resourceId);
  await renewAccounts(context, before);
  const etag = committed.etags.get(before.key) ?? '';
  const answer = { status: 200, body: showMachine(body, etag), etag } as const;
  return again ? { ...answer, work: 'createMachine', input: { resourceId, vmId: vmIdOf(body) } } : answer;
}

/** Refuses `InvalidResourceLocation` for another region than the resource has. */
export function judgeLocation(
  { resourceId }: Call,
  location: Json | undefined,
  before: JsonObject,
  method: 'PUT' | 'PATCH',
): Refusal | undefined {
  if (location === undefined && method === 'PATCH') return undefined;
  const wanted = parseLocation(location, String(before['type'] ?? machineType));
  if (isRefusal(wanted)) return wanted;
  if (wanted === before['location']) return undefined;
  const group = parseResourceId(resourceId)?.resourceGroupName ?? '';
  return refuse(
    'InvalidResourceLocation',
    `The resource '${nameOf(resourceId)}' already exists in location '${String(before['location'])}' in resource group '${group}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
  );
}
