import { changeIdentity } from '../../../core/identity/change-identity.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { parseLocation } from '../../../core/location.ts';
import type { Write } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import { nameOf } from '../../../core/resource-id.ts';
import { type EpochMillis, formatArmTime } from '../../../core/time.ts';
import type { ProviderContext } from '../../provider-contract.ts';
import { judgeVmSize } from './catalog/vm-sizes.ts';
import { judgeUse, markUse } from './galleries/profile-use.ts';
import { machineKey, systemPrincipalOf } from './machine-document.ts';
import { judgeMachineName, machineType } from './machine-name.ts';
import { defaultProperties, fill, partOf } from './machine-properties.ts';
import { parseMachineRequest } from './machine-request.ts';
import { parseAccounts } from './machine-users.ts';
import { keepPower } from './power-record.ts';

/** A machine that does not exist yet, and the writes that make it: to be committed in one transaction. */
export interface PlannedMachine {
  readonly vmId: string;
  readonly body: JsonObject;
  /** Of the system-assigned identity, when the body asks for one. */
  readonly principalId?: string;
  readonly writes: readonly Write[];
}

/**
 * Plans a machine from a PUT body: its document in state `Creating`, its power record, its principal. Committed, it is
 * brought up by the work `createMachine`, or by `reconcileMachines` at the host's start.
 */
export async function planMachine(
  context: ProviderContext,
  request: {
    readonly resourceId: string;
    readonly body: Json | undefined;
    readonly now: EpochMillis;
    readonly systemData?: JsonObject;
  },
): Promise<PlannedMachine | Refusal> {
  const { resourceId, now } = request;
  const name = nameOf(resourceId);
  const asked = judgeMachineName(name) ?? parseMachineRequest(request.body);
  if (isRefusal(asked)) return asked;
  const location = parseLocation(asked.location, machineType);
  if (isRefusal(location)) return location;
  const unknownSize = await judgeVmSize(partOf(asked.properties, 'hardwareProfile')['vmSize']);
  if (unknownSize !== undefined) return unknownSize;
  const unusable = await judgeUse(context.store, asked.properties);
  if (unusable !== undefined) return unusable;
  const diskSuffix = context.random.uuid().replaceAll('-', '');
  const properties = fill(asked.properties, defaultProperties(name, diskSuffix, asked.properties));
  const accounts = parseAccounts(String(partOf(properties, 'osProfile')['adminUsername']), asked.tags ?? {});
  if (isRefusal(accounts)) return accounts;
  const identity = await changeIdentity(context, {
    resourceId,
    method: 'PUT',
    before: undefined,
    asked: asked.identity,
    location,
  });
  if (isRefusal(identity)) return identity;
  const vmId = context.random.uuid();
  const body: JsonObject = {
    id: resourceId,
    name,
    type: machineType,
    location,
    ...(asked.tags === undefined ? {} : { tags: asked.tags }),
    ...asked.others,
    ...(identity.block === undefined ? {} : { identity: identity.block }),
    ...(request.systemData === undefined ? {} : { systemData: request.systemData }),
    properties: { ...properties, vmId, timeCreated: formatArmTime(now), provisioningState: 'Creating' },
  };
  const principalId = systemPrincipalOf(body);
  return {
    vmId,
    body,
    ...(principalId === undefined ? {} : { principalId }),
    writes: [
      { put: machineKey(resourceId), body, when: { absent: true } },
      keepPower({ resourceId, vmId, power: 'starting', since: now }),
      ...identity.writes,
      ...markUse(properties),
    ],
  };
}
