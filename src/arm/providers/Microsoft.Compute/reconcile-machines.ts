import { type Document, documentKey } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import type { ProviderContext } from '../../provider-contract.ts';
import { bringUp, standingMachine, startMachine } from './bring-up.ts';
import { removeMachine } from './delete-machine.ts';
import { stateOf, vmIdOf } from './machine-document.ts';
import { machineType } from './machine-name.ts';
import { parsePower, powerKey } from './power-record.ts';
import { reconcileRuns } from './run-command/reconcile-runs.ts';
import { reconcileSets } from './scale-set/reconcile-sets.ts';
import { instanceType } from './scale-set/set-document.ts';
import { inTurn } from './turns.ts';
import type { Unreconciled } from './unreconciled.ts';

/** Machines brought up at a time: bringing one up is mostly waiting for its processes. */
const width = 4;

/**
 * Makes the machines what the store says they are: for the host's start, after an orderly end and after `kill -9` alike.
 * What runs is brought up again, what was being made or removed is finished, a machine that could not be made is tried
 * once more, and the failures are answered.
 */
export async function reconcileMachines(context: ProviderContext): Promise<readonly Unreconciled[]> {
  await reconcileRuns(context);
  const unfinished = await reconcileSets(context);
  const waiting = (await Promise.all([machineType, instanceType].map((type) => listAll(context, type)))).flat();
  const failed: Unreconciled[] = [...unfinished];
  const lane = async (): Promise<void> => {
    for (let machine = waiting.shift(); machine !== undefined; machine = waiting.shift()) {
      const refusal = await reconcile(context, machine);
      if (refusal !== undefined) failed.push({ resourceId: String(machine.body['id']), refusal });
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return failed;
}

function listAll({ store }: ProviderContext, type: string): Promise<readonly Document[]> {
  return store.list(documentKey('/subscriptions'), { type: type.toLowerCase() });
}

async function reconcile(context: ProviderContext, { body }: Document): Promise<Refusal | undefined> {
  const resourceId = String(body['id']);
  const vmId = vmIdOf(body);
  const state = stateOf(body);
  if (state === 'Deleting') return removeMachine(context, resourceId, vmId);
  if (state !== 'Succeeded') return bringUp(context, resourceId, vmId);
  return inTurn(context.machineHost, resourceId, async () => {
    const machine = await standingMachine(context.store, resourceId, vmId);
    if (isRefusal(machine)) return undefined;
    const { power } = parsePower(await context.store.get(powerKey(vmId)), vmId, resourceId);
    return power === 'running' ? startMachine(context, machine) : undefined;
  });
}
