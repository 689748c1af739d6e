import type { JsonObject } from '../../../../core/json.ts';
import { parseLocation } from '../../../../core/location.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import type { Answer, Call, Operation, ProviderContext } from '../../../provider-contract.ts';
import { machineKey } from '../machine-document.ts';
import { machineNotFound } from '../machine-refusals.ts';
import { loadVmSizes, type VmSize } from './vm-sizes.ts';

/** The largest disk of an operating system, in MB: the same for every size. */
const osDiskSizeInMB = 1_047_552;

/** The sizes of a region, which are the same in each. */
export const regionSizes: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{location}/vmSizes',
  permission: 'Microsoft.Compute/locations/vmSizes/read',
  permissionScope: '/subscriptions/{subscriptionId}',
  handle: async ({ params }) => {
    const location = parseLocation(params['location'], 'Microsoft.Compute/locations/vmSizes');
    return isRefusal(location) ? location : listSizes();
  },
};

/** The sizes that a machine can be given. Refuses `ResourceNotFound`. */
export async function listSizesOf({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const machineId = call.resourceId.replace(/\/vmSizes$/i, '');
  return (await store.get(machineKey(machineId))) === undefined ? machineNotFound(machineId) : listSizes();
}

async function listSizes(): Promise<Answer> {
  return { status: 200, body: { value: (await loadVmSizes()).described.map(showSize) } };
}

function showSize({ name, cores, memoryMb, temporaryDiskMb, dataDisks }: VmSize): JsonObject {
  return {
    name,
    numberOfCores: cores,
    osDiskSizeInMB,
    resourceDiskSizeInMB: temporaryDiskMb,
    memoryInMB: memoryMb,
    maxDataDiskCount: dataDisks,
  };
}
