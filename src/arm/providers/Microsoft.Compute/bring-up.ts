import type { Document, Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import type { ProviderContext } from '../../provider-contract.ts';
import { inState, machineKey, specOf, stateOf, vmIdOf } from './machine-document.ts';
import { beingDeleted, machineNotFound } from './machine-refusals.ts';
import { keepPower, type Power } from './power-record.ts';
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
    if (!['Creating', 'Updating'].includes(stateOf(machine.body))) return undefined;
    try {
      const started = await context.machineHost.start(specOf(machine));
      await settle(context, resourceId, vmId, !isRefusal(started));
      return isRefusal(started) ? started : undefined;
    } catch (error) {
      await settle(context, resourceId, vmId, false);
      throw error;
    }
  });
}

async function settle(context: ProviderContext, resourceId: string, vmId: string, up: boolean): Promise<void> {
  const machine = await standingMachine(context.store, resourceId, vmId);
  if (isRefusal(machine)) return;
  const { key, etag, body } = machine;
  const put = { put: key, body: inState(body, up ? 'Succeeded' : 'Failed'), when: { etag } } as const;
  const committed = await context.store.transact([put, powerWrite(context, machine, up ? 'running' : 'stopped')]);
  if ('conflict' in committed) await settle(context, resourceId, vmId, up);
}

/** The write of a machine's power as it is from now on. */
export function powerWrite({ clock }: ProviderContext, { body }: Document, power: Power): ReturnType<typeof keepPower> {
  const now = clock.now();
  const boot = power === 'running' ? { bootedAt: now } : {};
  return keepPower({ resourceId: String(body['id']), vmId: vmIdOf(body), power, since: now, ...boot });
}
