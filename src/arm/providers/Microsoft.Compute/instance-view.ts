import type { JsonObject } from '../../../core/json.ts';
import { type EpochMillis, formatArmTime } from '../../../core/time.ts';
import { propertiesOf, stateOf } from './machine-document.ts';
import { partOf } from './machine-properties.ts';
import type { Power, PowerRecord } from './power-record.ts';

const powerStatus: Readonly<Record<Power, string>> = {
  starting: 'VM starting',
  running: 'VM running',
  stopped: 'VM stopped',
  deallocated: 'VM deallocated',
};

const generalized = { code: 'OSState/generalized', level: 'Info', displayStatus: 'VM generalized' };

const provisioningWords: Readonly<Record<string, string>> = {
  Creating: 'Creating',
  Updating: 'Updating',
  Succeeded: 'Provisioning succeeded',
  Failed: 'Provisioning failed',
  Deleting: 'Deleting',
};

/**
 * A machine's instance view. The power status carries the time of its last boot (or of its end), by which a restart is seen;
 * the agent answers only while the machine runs.
 * @see Microsoft.Compute 2024-11-01, VirtualMachineInstanceView; the CLI's `get_vm_details` joins what begins with `PowerState/`
 */
export function instanceViewOf(body: JsonObject, record: PowerRecord): JsonObject {
  const properties = propertiesOf(body);
  const state = stateOf(body);
  const time = formatArmTime(record.power === 'running' ? (record.bootedAt ?? record.since) : record.since);
  const disk = partOf(partOf(properties, 'storageProfile'), 'osDisk')['name'] ?? '';
  const provisioning = { ...provisioningStatus(state), time };
  const power = { code: `PowerState/${record.power}`, level: 'Info', displayStatus: powerStatus[record.power], time };
  return {
    computerName: partOf(properties, 'osProfile')['computerName'] ?? '',
    hyperVGeneration: 'V2',
    ...(record.power === 'running' ? { vmAgent: agentView(record.bootedAt ?? record.since) } : {}),
    disks: [{ name: disk, statuses: [{ ...provisioning, time: properties['timeCreated'] ?? time }] }],
    statuses: [provisioning, ...(record.generalized === true ? [generalized] : []), power],
  };
}

/** A provisioning state as statuses say it, without its time. */
export function provisioningStatus(state: string): JsonObject {
  return {
    code: `ProvisioningState/${state.toLowerCase()}`,
    level: state === 'Failed' ? 'Error' : 'Info',
    displayStatus: provisioningWords[state] ?? state,
  };
}

function agentView(bootedAt: EpochMillis): JsonObject {
  const status = {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Ready',
    message: 'Guest Agent is running',
    time: formatArmTime(bootedAt),
  };
  return { vmAgentVersion: '2.13.1.1', extensionHandlers: [], statuses: [status] };
}
