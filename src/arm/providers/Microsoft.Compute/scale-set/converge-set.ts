import type { JsonObject } from '../../../../core/json.ts';
import type { Document, Store } from '../../../../core/ports/store.ts';
import { isRefusal } from '../../../../core/refusal.ts';
import { type ProviderContext, suspended } from '../../../provider-contract.ts';
import { announced } from '../announce.ts';
import { bringUp } from '../bring-up.ts';
import { removeMachine } from '../delete-machine.ts';
import { inState, propertiesOf, stateOf, vmIdOf } from '../machine-document.ts';
import { partOf } from '../machine-properties.ts';
import { inTurn } from '../turns.ts';
import { inLanes, type Outcome } from './in-lanes.ts';
import { renewInstance } from './plan-instances.ts';
import { countersOf, findSet, instancesOf } from './set-document.ts';

/**
 * The work of every change of a set: its instances become what their documents say. New ones are brought up, those on their way
 * out are removed, and where the set upgrades by itself all get its model. Then the set has `Succeeded`, or `Failed` with the
 * first reason. One at a time for each set.
 */
export async function convergeSet(context: ProviderContext, setId: string, uniqueId: string): Promise<Outcome> {
  return inTurn(context.machineHost, setId, async () => {
    const set = await findSet(context.store, setId, uniqueId);
    if (isRefusal(set)) return set;
    if (stateOf(set.body) === 'Deleting') return undefined;
    const outcome = await inLanes(await instancesOf(context.store, setId), (instance) =>
      settle(context, set.body, instance),
    );
    if (outcome === suspended) return suspended;
    await endChange(context.store, { setId, uniqueId }, outcome === undefined ? 'Succeeded' : 'Failed');
    return outcome;
  });
}

async function settle(context: ProviderContext, set: JsonObject, instance: Document): Promise<Outcome> {
  const resourceId = String(instance.body['id']);
  const vmId = vmIdOf(instance.body);
  if (stateOf(instance.body) === 'Deleting') return removeInstance(context, resourceId, vmId);
  const mode = partOf(propertiesOf(set), 'upgradePolicy')['mode'];
  if (mode === 'Automatic' || mode === 'Rolling') await upgradeInstance(context.store, set, resourceId);
  const started = await bringUp(context, resourceId, vmId);
  // Whoever took it out meanwhile has a work of its own for it.
  return started?.refused === 'OperationNotAllowed' || started?.refused === 'ResourceNotFound' ? undefined : started;
}

/** Removes an instance, which is told before where its profile asks for that. */
export function removeInstance(context: ProviderContext, resourceId: string, vmId: string): Promise<Outcome> {
  return announced(context, { resourceId, vmId }, 'Terminate', () => removeMachine(context, resourceId, vmId));
}

/** Gives an instance its set's model of now. Names of users take effect when it next starts. */
export async function upgradeInstance(store: Store, set: JsonObject, resourceId: string): Promise<void> {
  const [instance] = (await instancesOf(store, String(set['id']))).filter(({ body }) => body['id'] === resourceId);
  if (instance === undefined || propertiesOf(instance.body)['model'] === countersOf(set).model) return;
  const body = renewInstance(set, instance.body);
  const committed = await store.transact([{ put: instance.key, body, when: { etag: instance.etag } }]);
  if ('conflict' in committed) await upgradeInstance(store, set, resourceId);
}

async function endChange(
  store: Store,
  of: { readonly setId: string; readonly uniqueId: string },
  state: 'Succeeded' | 'Failed',
): Promise<void> {
  const set = await findSet(store, of.setId, of.uniqueId);
  if (isRefusal(set) || stateOf(set.body) === 'Deleting') return;
  const write = { put: set.key, body: inState(set.body, state), when: { etag: set.etag } };
  if ('conflict' in (await store.transact([write]))) await endChange(store, of, state);
}
