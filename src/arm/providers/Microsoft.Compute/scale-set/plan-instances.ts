import type { Json, JsonObject } from '../../../../core/json.ts';
import type { Write } from '../../../../core/ports/store.ts';
import { formatArmTime } from '../../../../core/time.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { machineKey, propertiesOf, vmIdOf } from '../machine-document.ts';
import { hostnameOf } from '../machine-name.ts';
import { defaultProperties, fill, partOf } from '../machine-properties.ts';
import { keepPower } from '../power-record.ts';
import { countersOf, instanceType, skuOf } from './set-document.ts';

/** What of a set's profile each of its machines has as it is. */
const shared = [
  'securityProfile',
  'diagnosticsProfile',
  'licenseType',
  'priority',
  'evictionPolicy',
  'userData',
  'scheduledEventsProfile',
];

/** The writes that make `count` new instances of a set, which counts them already: to be committed with the set. */
export function planInstances(
  { random, clock }: Pick<ProviderContext, 'random' | 'clock'>,
  set: JsonObject,
  count: number,
): readonly Write[] {
  const { nextInstance } = countersOf(set);
  return Array.from({ length: count }, (_, at) => nextInstance - count + at).flatMap((number) => {
    const vmId = random.uuid();
    const now = clock.now();
    const own = { vmId, timeCreated: formatArmTime(now), provisioningState: 'Creating' };
    const body = modelInstance(set, number, own, random.uuid().replaceAll('-', ''));
    const resourceId = String(body['id']);
    return [
      { put: machineKey(resourceId), body, when: { absent: true } },
      keepPower({ resourceId, vmId, power: 'starting', since: now }),
    ];
  });
}

/** An instance as its set's model of now makes it. It keeps its ids, its time, its state and its disk. */
export function renewInstance(set: JsonObject, instance: JsonObject): JsonObject {
  const { timeCreated = null, provisioningState = null, storageProfile = {} } = propertiesOf(instance);
  const own = { vmId: vmIdOf(instance), timeCreated, provisioningState };
  const renewed = modelInstance(set, Number(instance['instanceId']), own, '');
  const properties = propertiesOf(renewed);
  const osDisk = partOf(storageProfile as JsonObject, 'osDisk');
  return {
    ...renewed,
    properties: { ...properties, storageProfile: { ...partOf(properties, 'storageProfile'), osDisk } },
  };
}

function modelInstance(set: JsonObject, number: number, own: JsonObject, diskSuffix: string): JsonObject {
  const name = `${String(set['name'])}_${number}`;
  const sku = skuOf(set);
  const given = givenOf(set, number, sku.name);
  const filled = fill(given, defaultProperties(name, diskSuffix, given));
  return {
    id: `${String(set['id'])}/virtualMachines/${number}`,
    name,
    type: instanceType,
    instanceId: String(number),
    sku: { name: sku.name, tier: sku.tier },
    ...(set['tags'] === undefined ? {} : { tags: set['tags'] }),
    ...(set['zones'] === undefined ? {} : { zones: zoneOf(set['zones'], number) }),
    properties: {
      ...filled,
      modelDefinitionApplied: 'VirtualMachineScaleSet',
      model: countersOf(set).model,
      ...own,
    },
  };
}

/** Host names are the prefix and the number in base 36, as Azure's are. */
function givenOf(set: JsonObject, number: number, vmSize: string): JsonObject {
  const profile = partOf(propertiesOf(set), 'virtualMachineProfile');
  const { computerNamePrefix, ...osProfile } = partOf(profile, 'osProfile');
  const prefix =
    typeof computerNamePrefix === 'string' ? computerNamePrefix : hostnameOf(String(set['name'])).slice(0, 58);
  const same = shared
    .filter((part) => profile[part] !== undefined)
    .map((part) => [part, profile[part] ?? null] as const);
  return {
    ...Object.fromEntries(same),
    hardwareProfile: { vmSize },
    storageProfile: partOf(profile, 'storageProfile'),
    osProfile: { ...osProfile, computerName: `${prefix}${number.toString(36).padStart(6, '0')}` },
    networkProfileConfiguration: partOf(profile, 'networkProfile'),
  };
}

/** Instances go round the zones of their set. */
function zoneOf(zones: Json | undefined, number: number): readonly Json[] {
  return Array.isArray(zones) && zones.length > 0 ? [zones[number % zones.length] as Json] : [];
}
