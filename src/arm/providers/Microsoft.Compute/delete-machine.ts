import { judgeConditions } from '../../../core/conditions.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Directory } from '../../../core/ports/directory.ts';
import type { Store, Write } from '../../../core/ports/store.ts';
import type { Refusal } from '../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { inState, machineKey, stateOf, systemPrincipalOf, vmIdOf } from './machine-document.ts';
import { changedMeanwhile } from './machine-refusals.ts';
import { powerKey } from './power-record.ts';
import { inTurn } from './turns.ts';

/**
 * Accepts a machine's deletion. From here on it has no identities: a token of its own is refused, and IMDS answers none.
 * 204 when there is no such machine.
 */
export async function deleteMachine({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const found = await store.get(machineKey(call.resourceId));
  const unmet = judgeConditions(call, found);
  if (unmet !== undefined) return unmet;
  if (found === undefined) return { status: 204 };
  if (stateOf(found.body) !== 'Deleting') {
    const body = inState(found.body, 'Deleting');
    const committed = await store.transact([{ put: found.key, body, when: { etag: found.etag } }]);
    if ('conflict' in committed) return changedMeanwhile(call.resourceId);
  }
  const input = { resourceId: String(found.body['id']), vmId: vmIdOf(found.body) };
  return { status: 202, work: 'deleteMachine', input, finalStatus: 204 };
}

/** The work of a deletion: the machine first, then its document, what lies below it, its power and its principal at once. */
export async function removeMachine(context: ProviderContext, resourceId: string, vmId: string): Promise<undefined> {
  return inTurn(context.machineHost, resourceId, async () => {
    const { store, directory, machineHost } = context;
    if (vmIdOf((await store.get(machineKey(resourceId)))?.body ?? {}) !== vmId) return undefined;
    await machineHost.remove(resourceId);
    await forgetMachine(store, directory, resourceId, vmId);
    return undefined;
  });
}

/**
 * The machine's part in the deletion of its group: it is marked first, so that nothing queued brings it up again, then
 * removed. Answers the writes that end with its document.
 */
export async function tearDownMachine(context: ProviderContext, resourceId: string): Promise<readonly Write[]> {
  return inTurn(context.machineHost, resourceId, async () => {
    const body = await markDeleting(context.store, resourceId);
    if (body === undefined) return [];
    await context.machineHost.remove(resourceId);
    return endWrites(context.directory, body);
  });
}

async function markDeleting(store: Store, resourceId: string): Promise<JsonObject | undefined> {
  const found = await store.get(machineKey(resourceId));
  if (found === undefined || stateOf(found.body) === 'Deleting') return found?.body;
  const body = inState(found.body, 'Deleting');
  const committed = await store.transact([{ put: found.key, body, when: { etag: found.etag } }]);
  return 'conflict' in committed ? markDeleting(store, resourceId) : body;
}

/** The writes that end with a machine's document: its power record, and its principal if it has one. */
function endWrites(directory: Directory, body: JsonObject): readonly Write[] {
  const principalId = systemPrincipalOf(body);
  const principal = principalId === undefined ? [] : directory.planDeletion(principalId);
  return [{ remove: powerKey(vmIdOf(body)) }, ...principal];
}

async function forgetMachine(store: Store, directory: Directory, resourceId: string, vmId: string): Promise<void> {
  const found = await store.get(machineKey(resourceId));
  if (found === undefined || vmIdOf(found.body) !== vmId) return;
  const { key, etag } = found;
  const writes = [{ remove: key, when: { etag } }, { removeTree: key }, ...endWrites(directory, found.body)];
  if ('conflict' in (await store.transact(writes))) await forgetMachine(store, directory, resourceId, vmId);
}
