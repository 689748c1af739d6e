import { type Refusal, refuse } from '../../core/refusal.ts';
import { nameOf, parseResourceId } from '../../core/resource-id.ts';

/** ARM's 404 for a resource that is not there. */
export function resourceNotFound(fullType: string, resourceId: string): Refusal {
  const group = parseResourceId(resourceId)?.resourceGroupName;
  const where = group === undefined ? '' : ` under resource group '${group}'`;
  return refuse(
    'ResourceNotFound',
    `The Resource '${fullType}/${nameOf(resourceId)}'${where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** ARM's 404 for a child of what is not there. */
export function parentNotFound(parentId: string): Refusal {
  return refuse(
    'ParentResourceNotFound',
    `Failed to perform 'write' on resource(s): the parent resource '${parentId}' could not be found. Create it first.`,
  );
}

/** 409: someone else was faster. */
export function changedMeanwhile(resourceId: string): Refusal {
  return refuse('Conflict', `Another request changed '${resourceId}' at the same time. Send the request again.`);
}

/** 409 for another region than the resource has. */
export function locationFixed(resourceId: string, held: string, wanted: string): Refusal {
  const group = parseResourceId(resourceId)?.resourceGroupName ?? '';
  return refuse(
    'InvalidResourceLocation',
    `The resource '${nameOf(resourceId)}' already exists in location '${held}' in resource group '${group}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
  );
}
