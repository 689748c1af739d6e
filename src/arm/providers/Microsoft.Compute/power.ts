import type { ScheduledEventType } from '../../../core/ports/scheduled-events.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { nameOf } from '../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext, suspended } from '../../provider-contract.ts';
import { announced } from './announce.ts';
import { powerWrite, standingMachine, startMachine } from './bring-up.ts';
import { machineKey, stateOf, vmIdOf } from './machine-document.ts';
import { beingDeleted, machineNotFound } from './machine-refusals.ts';
import { type Power, parsePower, powerKey } from './power-record.ts';
import { inTurn } from './turns.ts';

/** What can be asked of a machine's power: the names of the works. */
export type PowerWork = 'startMachine' | 'powerOffMachine' | 'deallocateMachine' | 'restartMachine' | 'redeployMachine';

/** What a machine that listens for its scheduled events is told before. */
const announcedAs: Readonly<Partial<Record<PowerWork, ScheduledEventType>>> = {
  restartMachine: 'Reboot',
  redeployMachine: 'Redeploy',
};

/** Accepts an action on a machine's power. Refuses `ResourceNotFound`, and `OperationNotAllowed` where it makes no sense. */
export async function acceptPower({ store }: ProviderContext, call: Call, work: PowerWork): Promise<Answer | Refusal> {
  const found = await store.get(machineKey(call.resourceId));
  if (found === undefined) return machineNotFound(call.resourceId);
  const { body } = found;
  if (stateOf(body) === 'Deleting') return beingDeleted(call.resourceId);
  const vmId = vmIdOf(body);
  const resourceId = String(body['id']);
  const { power } = parsePower(await store.get(powerKey(vmId)), vmId, resourceId);
  if (restarts(work) && power === 'deallocated') return cannotRestart(resourceId);
  return { status: 202, work, input: { resourceId, vmId } };
}

/** Does what was accepted, one action after the other; each is idempotent, except that a restart restarts. */
export async function changePower(
  context: ProviderContext,
  resourceId: string,
  vmId: string,
  work: PowerWork,
): Promise<Refusal | undefined | typeof suspended> {
  const eventType = announcedAs[work];
  const act = () => changeInTurn(context, resourceId, vmId, work);
  return eventType === undefined ? act() : announced(context, { resourceId, vmId }, eventType, act);
}

function changeInTurn(
  context: ProviderContext,
  resourceId: string,
  vmId: string,
  work: PowerWork,
): Promise<Refusal | undefined> {
  return inTurn(context.machineHost, resourceId, async () => {
    const { store, machineHost } = context;
    const machine = await standingMachine(store, resourceId, vmId);
    if (isRefusal(machine)) return machine;
    const { power } = parsePower(await store.get(powerKey(vmId)), vmId, resourceId);
    if (work === 'startMachine') {
      return power === 'running' && machineHost.running(resourceId) ? undefined : startMachine(context, machine);
    }
    if (restarts(work) && power === 'deallocated') return cannotRestart(resourceId);
    await machineHost.stop(resourceId);
    if (restarts(work)) return startMachine(context, machine);
    const next: Power = work === 'deallocateMachine' || power === 'deallocated' ? 'deallocated' : 'stopped';
    if (next !== power) await store.transact([powerWrite(context, machine, next)]);
    return undefined;
  });
}

/** A redeployment has no other host to go to: it is a restart. */
function restarts(work: PowerWork): boolean {
  return work === 'restartMachine' || work === 'redeployMachine';
}

function cannotRestart(resourceId: string): Refusal {
  return refuse(
    'OperationNotAllowed',
    `Operation 'restart' is not allowed on VM '${nameOf(resourceId)}' since the VM is deallocated. Start it instead.`,
  );
}
