import { type Refusal, refuse } from '../../../core/refusal.ts';
import { nameOf } from '../../../core/resource-id.ts';
import { type Answer, type Call, type ProviderContext, suspended } from '../../provider-contract.ts';
import { removeMachine } from './delete-machine.ts';
import { inState, machineKey, propertiesOf, stateOf, vmIdOf } from './machine-document.ts';
import { beingDeleted, changedMeanwhile, machineNotFound, notAllowedSince } from './machine-refusals.ts';
import { changePower } from './power.ts';
import { keepPower, parsePower, powerKey } from './power-record.ts';

/** Marks a machine that does not run as generalized: from then on it cannot be started. Refuses `OperationNotAllowed`. */
export async function generalizeMachine({ store, clock }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const found = await store.get(machineKey(call.resourceId));
  if (found === undefined) return machineNotFound(call.resourceId);
  if (stateOf(found.body) === 'Deleting') return beingDeleted(call.resourceId);
  const vmId = vmIdOf(found.body);
  const record = parsePower(await store.get(powerKey(vmId)), vmId, call.resourceId);
  if (record.power !== 'stopped' && record.power !== 'deallocated') {
    return notAllowedSince('generalize', call.resourceId, 'the VM is running. Stop or deallocate it first');
  }
  await store.transact([keepPower({ ...record, since: clock.now(), generalized: true })]);
  return { status: 200 };
}

/**
 * Evicts a Spot machine as its eviction policy says, and answers when that is done. Refuses `OperationNotAllowed` for a machine
 * that is none.
 */
export async function evictMachine(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const found = await context.store.get(machineKey(call.resourceId));
  if (found === undefined) return machineNotFound(call.resourceId);
  if (stateOf(found.body) === 'Deleting') return beingDeleted(call.resourceId);
  const { priority, evictionPolicy } = propertiesOf(found.body);
  if (priority !== 'Spot' && priority !== 'Low') {
    return notAllowedSince('simulateEviction', call.resourceId, "its priority is not 'Spot'");
  }
  const resourceId = String(found.body['id']);
  if (evictionPolicy !== 'Delete') {
    const evicted = await changePower(context, resourceId, vmIdOf(found.body), 'deallocateMachine');
    return evicted === undefined || evicted === suspended ? { status: 204 } : evicted;
  }
  const body = inState(found.body, 'Deleting');
  const committed = await context.store.transact([{ put: found.key, body, when: { etag: found.etag } }]);
  if ('conflict' in committed) return changedMeanwhile(resourceId);
  await removeMachine(context, resourceId, vmIdOf(body));
  return { status: 204 };
}

/** Nobody maintains the host of a machine by schedule: `OperationNotAllowed`, in Azure's words for such a subscription. */
export async function refuseMaintenance({ store }: ProviderContext, call: Call): Promise<Refusal> {
  if ((await store.get(machineKey(call.resourceId))) === undefined) return machineNotFound(call.resourceId);
  return refuse(
    'OperationNotAllowed',
    `Operation 'performMaintenance' is not allowed on VM '${nameOf(call.resourceId)}' since the Subscription of this VM is not eligible.`,
  );
}
