import type { Document, Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import type { ProviderContext } from '../../provider-contract.ts';
import { inState, machineKey, specOf, stateOf, vmIdOf } from './machine-document.ts';
import { beingDeleted, machineNotFound } from './machine-refusals.ts';
import { keepPower, type Power, type PowerRecord } from './power-record.ts';
import { inTurn } from './turns.ts';

/** The machine of this `vmId`, if it is still there and not on its way out. */
export async function standingMachine(store: Store, resourceId: string, vmId: string): Promise<Document | Refusal> {
  const found = await store.get(machineKey(resourceId));
  if (found === undefined || vmIdOf(found.body) !== vmId) return machineNotFound(resourceId);
  return stateOf(found.body) === 'Deleting' ? beingDeleted(resourceId) : found;
}

/** The work of a creation: brings the machine up, then writes `Succeeded`, or `Failed` with the host's reasons. */
export async function bringUp(
  context: ProviderContext,
  resourceId: string,
  vmId: string,
): Promise<Refusal | undefined> {
  return inTurn(context.machineHost, resourceId, async () => {
    const machine = await standingMachine(context.store, resourceId, vmId);
    if (isRefusal(machine)) return machine;
    return stateOf(machine.body) === 'Succeeded' ? undefined : startMachine(context, machine);
  });
}

/** Brings a machine up, and writes what came of it: its power, and its state if it had not been up before. In its turn. */
export async function startMachine(context: ProviderContext, machine: Document): Promise<Refusal | undefined> {
  try {
    const started = await context.machineHost.start(specOf(machine));
    await settle(context, machine, !isRefusal(started));
    return isRefusal(started) ? started : undefined;
  } catch (error) {
    await settle(context, machine, false);
    throw error;
  }
}

/** Requests may have changed the document meanwhile: what they wrote stays. */
async function settle(context: ProviderContext, { body }: Document, up: boolean): Promise<void> {
  const machine = await standingMachine(context.store, String(body['id']), vmIdOf(body));
  if (isRefusal(machine)) return;
  const was = stateOf(machine.body);
  const state = up ? 'Succeeded' : was === 'Succeeded' ? was : 'Failed';
  const put = { put: machine.key, body: inState(machine.body, state), when: { etag: machine.etag } } as const;
  const power = powerWrite(context, machine, up ? 'running' : 'stopped');
  const committed = await context.store.transact(state === was ? [power] : [put, power]);
  if ('conflict' in committed) await settle(context, machine, up);
}

/** The write of a machine's power as it is from now on. */
export function powerWrite(
  { clock }: ProviderContext,
  { body }: Document,
  power: Power,
  kept: Pick<PowerRecord, 'generalized'> = {},
): ReturnType<typeof keepPower> {
  const now = clock.now();
  const boot = power === 'running' ? { bootedAt: now } : {};
  return keepPower({ resourceId: String(body['id']), vmId: vmIdOf(body), power, since: now, ...boot, ...kept });
}
