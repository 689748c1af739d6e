import type { Document } from '../../../core/ports/store.ts';
import type { ProviderContext } from '../../provider-contract.ts';
import { machineKey, specOf, vmIdOf } from './machine-document.ts';
import { inTurn } from './turns.ts';

/**
 * Gives a machine that runs the users and groups that its tags name now, where a write has changed them: who is no longer in a group is
 * denied what the group may from the write's answer on.
 */
export async function renewAccounts(
  { store, machineHost }: Pick<ProviderContext, 'store' | 'machineHost'>,
  before: Document,
): Promise<void> {
  const resourceId = String(before.body['id']);
  const now = await store.get(machineKey(resourceId));
  if (now === undefined || accountsOf(now) === accountsOf(before)) return;
  await inTurn(machineHost, resourceId, async () => {
    const machine = await store.get(machineKey(resourceId));
    const isSame = machine !== undefined && vmIdOf(machine.body) === vmIdOf(before.body);
    // A machine that runs is not started again: it takes its accounts.
    if (isSame && machineHost.running(resourceId) !== undefined) await machineHost.start(specOf(machine));
  });
}

function accountsOf(machine: Document): string {
  const { users, groups } = specOf(machine);
  return JSON.stringify({ users, groups });
}
