import type { ParsedResourceId } from '../core/resource-id.ts';
import type { ResourceReader } from './resource-reader.ts';

/** What a machine knows of its scale set; `''` where it is in none. */
export interface ScaleSetPlace {
  /** The machine's name: an instance of a uniform set is `{set}_{number}`. */
  readonly name: string;
  readonly vmScaleSetName: string;
  /** Of a set with flexible orchestration alone, as documented. */
  readonly scaleSetId: string;
}

/**
 * Finds a machine's scale set: a uniform set's instance lies below the set (`…/virtualMachineScaleSets/{set}/virtualMachines/0`),
 * a flexible set's names it.
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service, `virtualMachineScaleSet.id`
 */
export function scaleSetPlace(id: ParsedResourceId | undefined, resource: ResourceReader): ScaleSetPlace {
  const [set, instance] = id?.provider?.steps ?? [];
  if (set !== undefined && instance !== undefined && set.type.toLowerCase() === 'virtualmachinescalesets') {
    return { name: `${set.name}_${instance.name}`, vmScaleSetName: set.name, scaleSetId: '' };
  }
  const scaleSetId = resource.text('properties', 'virtualMachineScaleSet', 'id');
  const vmScaleSetName = scaleSetId.slice(scaleSetId.lastIndexOf('/') + 1);
  return { name: resource.text('name'), vmScaleSetName, scaleSetId };
}
