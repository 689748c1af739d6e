import type { ScheduledEventType } from '../../../core/ports/scheduled-events.ts';
import type { Document } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import type { Answer, Call, ProviderContext, suspended } from '../../provider-contract.ts';
import { announced } from './announce.ts';
import { powerWrite, standingMachine, startMachine } from './bring-up.ts';
import { machineKey, stateOf, vmIdOf } from './machine-document.ts';
import { beingDeleted, machineNotFound, notAllowedSince } from './machine-refusals.ts';
import { type Power, type PowerRecord, parsePower, powerKey } from './power-record.ts';
import { inTurn } from './turns.ts';

/** What can be asked of a machine's power: the names of the works. */
export type PowerWork =
  | 'startMachine'
  | 'powerOffMachine'
  | 'deallocateMachine'
  | 'restartMachine'
  | 'redeployMachine'
  | 'reapplyMachine'
  | 'reimageMachine';

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
  const unfit = judgePower(parsePower(await store.get(powerKey(vmId)), vmId, resourceId), work);
  if (unfit !== undefined) return unfit;
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
    const record = parsePower(await store.get(powerKey(vmId)), vmId, resourceId);
    const unfit = judgePower(record, work);
    if (unfit !== undefined) return unfit;
    const { power } = record;
    const isUp = machineHost.running(resourceId) !== undefined;
    if (work === 'startMachine') return power === 'running' && isUp ? undefined : startMachine(context, machine);
    if (work === 'reapplyMachine') return reapply(context, machine, power);
    await (work === 'reimageMachine' ? machineHost.remove(resourceId) : machineHost.stop(resourceId));
    if (restarts(work) || (work === 'reimageMachine' && power === 'running')) return startMachine(context, machine);
    if (work === 'reimageMachine') return undefined;
    const next: Power = work === 'deallocateMachine' || power === 'deallocated' ? 'deallocated' : 'stopped';
    const { generalized = false } = record;
    if (next !== power) await store.transact([powerWrite(context, machine, next, generalized ? { generalized } : {})]);
    return undefined;
  });
}

/** What a machine is meant to be is made so again: one that failed, or that runs and is not up, is started. */
async function reapply(context: ProviderContext, machine: Document, power: Power): Promise<Refusal | undefined> {
  return power === 'running' || stateOf(machine.body) === 'Failed' ? startMachine(context, machine) : undefined;
}

/** Refuses `OperationNotAllowed` for what makes no sense of a machine in this condition. */
function judgePower({ resourceId, power, generalized }: PowerRecord, work: PowerWork): Refusal | undefined {
  const starts = work === 'startMachine' || restarts(work);
  if (starts && generalized === true) {
    return notAllowedSince(work === 'startMachine' ? 'start' : 'restart', resourceId, 'the VM is generalized');
  }
  if (!restarts(work) || power !== 'deallocated') return undefined;
  return notAllowedSince('restart', resourceId, 'the VM is deallocated. Start it instead');
}

/** A redeployment has no other host to go to: it is a restart. */
function restarts(work: PowerWork): boolean {
  return work === 'restartMachine' || work === 'redeployMachine';
}
