// What clients look up before they make a machine: sizes, SKUs, images, usage. The tables are data beside the code, each with its
// source, loaded when one is first asked for.

import type { ProviderContext, ResourceType } from '../../../provider-contract.ts';
import { apiVersions } from '../api-versions.ts';
import { imageOperations } from './image-operations.ts';
import { regionSizes } from './sizes-operations.ts';
import { listSkus } from './skus.ts';
import { usageOperation } from './usages.ts';

/** The catalog's resource types. */
export function catalogTypes(context: ProviderContext): readonly ResourceType[] {
  const types = {
    'locations/vmSizes': [regionSizes],
    'locations/usages': [usageOperation(context)],
    'locations/publishers': imageOperations,
    skus: [listSkus],
  };
  return Object.entries(types).map(([type, operations]) => ({
    ...{ type, apiVersions, acceptedFrom: '2017-09-01', regional: false, operations },
  }));
}
