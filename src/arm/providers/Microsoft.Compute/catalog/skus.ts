import type { JsonObject } from '../../../../core/json.ts';
import { parseLocation } from '../../../../core/location.ts';
import { pageOf } from '../../../../core/paging.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import { regions } from '../../../../core/regions.ts';
import type { Answer, Call, Operation } from '../../../provider-contract.ts';
import { loadVmSizes, type VmSize } from './vm-sizes.ts';

/**
 * What can be had where. An entry names every region that was asked for, where Azure writes one for each: the CLI asks for all
 * of them and looks into `locations`.
 * @see Microsoft.Compute skus 2021-07-01, ResourceSkus_List
 */
export const listSkus: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.Compute/skus',
  permission: 'Microsoft.Compute/skus/read',
  permissionScope: '/subscriptions/{subscriptionId}',
  handle: (call) => answerSkus(call),
};

/** Kinds of disks and availability sets, by resource type. */
const others: Readonly<Record<string, readonly string[]>> = {
  availabilitySets: ['Aligned', 'Classic'],
  disks: [
    'PremiumV2_LRS',
    'Premium_LRS',
    'Premium_ZRS',
    'StandardSSD_LRS',
    'StandardSSD_ZRS',
    'Standard_LRS',
    'UltraSSD_LRS',
  ],
  snapshots: ['Premium_LRS', 'Standard_LRS', 'Standard_ZRS'],
};

async function answerSkus(call: Call): Promise<Answer | Refusal> {
  const locations = parseFilter(call.query.get('$filter'));
  if (isRefusal(locations)) return locations;
  const sizes = (await loadVmSizes()).described.map((size) => showSize(size, locations));
  const rest = Object.entries(others).flatMap(([resourceType, names]) =>
    names.map((name) => showSku({ resourceType, name }, locations)),
  );
  const all = [...rest, ...sizes].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = pageOf(all, keyOf, call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

function keyOf(sku: JsonObject): string {
  return `${String(sku['resourceType'])}/${String(sku['name'])}`;
}

/** The one filter that there is: `location eq 'eastus'`. Refuses `InvalidFilterInQueryString`. */
function parseFilter(filter: string | undefined): readonly string[] | Refusal {
  if (filter === undefined || filter.trim() === '') return regions.map(({ name }) => name);
  const named = /^\s*location\s+eq\s+'([^']*)'\s*$/i.exec(filter)?.[1];
  if (named !== undefined) {
    const location = parseLocation(named, 'Microsoft.Compute/skus');
    return isRefusal(location) ? location : [location];
  }
  return refuse(
    'InvalidFilterInQueryString',
    `Invalid $filter '${filter}' specified in the query string. Use location eq '{region}'.`,
  );
}

function showSize(size: VmSize, locations: readonly string[]): JsonObject {
  const { name, family } = size;
  const [tier = ''] = name.split('_');
  const about = { resourceType: 'virtualMachines', name, tier, size: name.slice(tier.length + 1), family };
  return { ...showSku(about, locations), capabilities: capabilitiesOf(size) };
}

function showSku(about: JsonObject, locations: readonly string[]): JsonObject {
  const locationInfo = locations.map((location) => ({ location, zones: zonesOf(location), zoneDetails: [] }));
  return { ...about, locations, locationInfo, capabilities: [], restrictions: [] };
}

function zonesOf(location: string): readonly string[] {
  const isZonal = regions.some(({ name, category }) => name === location && category === 'Recommended');
  return isZonal ? ['1', '2', '3'] : [];
}

/** What a size's numbers and the letters of its name say. @see https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions */
function capabilitiesOf({ name, cores, memoryMb, temporaryDiskMb, dataDisks }: VmSize): readonly JsonObject[] {
  const letters = /_[A-Z]+\d+(?:-\d+)?([a-z]*)/.exec(name)?.[1] ?? '';
  const isPremium = letters.includes('s') || /_(DS|GS)\d/.test(name);
  const all = {
    MaxResourceVolumeMB: temporaryDiskMb,
    OSVhdSizeMB: 1_047_552,
    vCPUs: cores,
    MemoryGB: memoryMb / 1024,
    MaxDataDiskCount: dataDisks,
    CpuArchitectureType: letters.includes('p') ? 'Arm64' : 'x64',
    PremiumIO: isPremium ? 'True' : 'False',
    vCPUsAvailable: cores,
  };
  return Object.entries(all).map(([capability, value]) => ({ name: capability, value: String(value) }));
}
