import type { JsonObject } from '../../../../core/json.ts';
import { parseLocation } from '../../../../core/location.ts';
import { type Document, documentKey, type Store } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { formatSubscriptionId } from '../../../../core/resource-id.ts';
import type { Answer, Call, Operation, ProviderContext } from '../../../provider-contract.ts';
import { propertiesOf } from '../machine-document.ts';
import { partOf } from '../machine-properties.ts';
import { instanceType, setIdOf, setType } from '../scale-set/set-document.ts';
import { loadVmSizes } from './vm-sizes.ts';

/** How much of what a region allows a subscription uses. The limits are Azure's first ones; here they are not enforced. */
export function usageOperation(context: ProviderContext): Operation {
  return {
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{location}/usages',
    permission: 'Microsoft.Compute/locations/usages/read',
    permissionScope: '/subscriptions/{subscriptionId}',
    handle: (call) => listUsages(context, call),
  };
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits */
const limits = {
  availabilitySets: ['Availability Sets', 2500],
  cores: ['Total Regional vCPUs', 350],
  virtualMachines: ['Virtual Machines', 25_000],
  virtualMachineScaleSets: ['Virtual Machine Scale Sets', 2500],
} as const;

async function listUsages({ store }: ProviderContext, { params }: Call): Promise<Answer | Refusal> {
  const location = parseLocation(params['location'], 'Microsoft.Compute/locations/usages');
  if (isRefusal(location)) return location;
  const below = formatSubscriptionId(params['subscriptionId'] ?? '');
  const list = (type: string) => listIn(store, below, type, location);
  const sets = await list(setType);
  const setKeys = new Set<string>(sets.map(({ key }) => key));
  const instances = (await listIn(store, below, instanceType)).filter(({ key }) => setKeys.has(setIdOf(key)));
  const machines = [...(await list('Microsoft.Compute/virtualMachines')), ...instances];
  const used = {
    availabilitySets: (await list('Microsoft.Compute/availabilitySets')).length,
    cores: await countCores(machines),
    virtualMachines: machines.length,
    virtualMachineScaleSets: sets.length,
  };
  const value = Object.entries(limits).map(([name, [localizedValue, limit]]): JsonObject => {
    const currentValue = used[name as keyof typeof used];
    return { limit, unit: 'Count', currentValue, name: { value: name, localizedValue } };
  });
  return { status: 200, body: { value } };
}

async function listIn(store: Store, below: string, type: string, location?: string): Promise<readonly Document[]> {
  const found = await store.list(documentKey(below), { type: type.toLowerCase() });
  return location === undefined ? found : found.filter(({ body }) => body['location'] === location);
}

async function countCores(machines: readonly Document[]): Promise<number> {
  const sizes = await loadVmSizes();
  return machines
    .map(({ body }) => sizes.find(String(partOf(propertiesOf(body), 'hardwareProfile')['vmSize']))?.cores ?? 0)
    .reduce((sum, cores) => sum + cores, 0);
}
