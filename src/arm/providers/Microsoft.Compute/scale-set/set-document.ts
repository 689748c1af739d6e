import type { JsonObject } from '../../../../core/json.ts';
import { type Document, documentKey, type Store } from '../../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import { machineKey, propertiesOf, stateOf } from '../machine-document.ts';
import { machineNotFound } from '../machine-refusals.ts';

/** The full type of a scale set. */
export const setType = 'Microsoft.Compute/virtualMachineScaleSets';

/** The full type of an instance: a machine that its set made. */
export const instanceType = `${setType}/virtualMachines`;

/** What is kept of a set beside what is shown: the number of its next instance, and of its model, which counts changes. */
export interface SetCounters {
  readonly nextInstance: number;
  readonly model: number;
}

/** The counters of a stored set. */
export function countersOf(body: JsonObject): SetCounters {
  const { nextInstance, model } = propertiesOf(body);
  return { nextInstance: Number(nextInstance ?? 0), model: Number(model ?? 0) };
}

/** The set's own id, new with each set of a name. */
export function uniqueIdOf(body: JsonObject): string {
  return String(propertiesOf(body)['uniqueId']);
}

/** A set's `sku`: which size, and how many. */
export function skuOf(body: JsonObject): { readonly name: string; readonly tier: string; readonly capacity: number } {
  const { name, tier, capacity } = (body['sku'] ?? {}) as JsonObject;
  return { name: String(name), tier: String(tier), capacity: Number(capacity) };
}

/** The set that an instance, or what lies below one, belongs to. */
export function setIdOf(instanceId: string): string {
  return instanceId.replace(/\/virtualMachines(\/.*)?$/i, '');
}

/** The instances of a set by their numbers, the first first; those on their way out too. */
export async function instancesOf(store: Store, setId: string): Promise<readonly Document[]> {
  const found = await store.list(documentKey(setId), { type: instanceType.toLowerCase() });
  return found.toSorted((a, b) => numberOf(a.body) - numberOf(b.body));
}

/** The number of an instance in its set: its `instanceId`. Numbers are not given again. */
export function numberOf(body: JsonObject): number {
  return Number(body['instanceId']);
}

/** Whether an instance stays. */
export function isStanding({ body }: Document): boolean {
  return stateOf(body) !== 'Deleting';
}

/** The set of this `uniqueId`, if it is still there. */
export async function findSet(store: Store, setId: string, uniqueId?: string): Promise<Document | Refusal> {
  const found = await store.get(machineKey(setId));
  if (found === undefined || (uniqueId !== undefined && uniqueIdOf(found.body) !== uniqueId)) {
    return machineNotFound(setId);
  }
  return found;
}

/** 409: the set is on its way out. */
export function setBeingDeleted(name: string): Refusal {
  return refuse(
    'OperationNotAllowed',
    `The operation is not allowed because the virtual machine scale set '${name}' is being deleted.`,
  );
}
