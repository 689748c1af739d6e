import { type Refusal, refuse } from '../../../core/refusal.ts';
import { nameOf, parseResourceId } from '../../../core/resource-id.ts';
import { machineType } from './machine-name.ts';

/** ARM's 404 for a machine that is not there. */
export function machineNotFound(resourceId: string): Refusal {
  const { resourceGroupName: group = '', provider } = parseResourceId(resourceId) ?? {};
  const [first, ...below] = provider?.steps ?? [];
  const path = [first?.name ?? nameOf(resourceId), ...below.flatMap(({ type, name }) => [type, name])].join('/');
  const type = first === undefined ? machineType : `${provider?.namespace}/${first.type}`;
  return refuse(
    'ResourceNotFound',
    `The Resource '${type}/${path}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** 409: the machine is on its way out. */
export function beingDeleted(resourceId: string): Refusal {
  return refuse(
    'OperationNotAllowed',
    `The operation is not allowed because the virtual machine '${nameOf(resourceId)}' is being deleted.`,
  );
}

/** 409: someone else was faster. */
export function changedMeanwhile(resourceId: string): Refusal {
  return refuse('Conflict', `Another request changed '${resourceId}' at the same time. Send the request again.`);
}

/** 409 for a property that is fixed when the machine is made. */
export function changeNotAllowed(property: string): Refusal {
  return refuse('PropertyChangeNotAllowed', `Changing property '${property}' is not allowed.`, { target: property });
}

/** 409: no machine can be made on this host; says each thing that is missing, and what goes without. */
export function hostUnavailable(missing: readonly string[]): Refusal {
  const reasons = missing.join('; ').replace(/\.$/, '');
  return refuse(
    'MachineHostUnavailable',
    `Virtual machines cannot be made on this host. Missing: ${reasons}. Where that cannot be helped, start Postern with --machines doors: its machines are then nothing but their identities.`,
  );
}

/** 409 for an action that a machine's condition forbids: `Operation '{action}' is not allowed on VM '{name}' since {why}.` */
export function notAllowedSince(action: string, resourceId: string, why: string): Refusal {
  return refuse(
    'OperationNotAllowed',
    `Operation '${action}' is not allowed on VM '${nameOf(resourceId)}' since ${why}.`,
  );
}
