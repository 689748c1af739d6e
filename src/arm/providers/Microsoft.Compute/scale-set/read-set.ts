import type { JsonObject } from '../../../../core/json.ts';
import { loadPage, pageOf } from '../../../../core/paging.ts';
import { type Document, documentKey, type Store } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { containerOf } from '../../../../core/resource-id.ts';
import { formatArmTime } from '../../../../core/time.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { instanceViewOf, provisioningStatus } from '../instance-view.ts';
import { machineKey, stateOf, vmIdOf } from '../machine-document.ts';
import { machineNotFound } from '../machine-refusals.ts';
import { type PowerRecord, parsePower, powerKey } from '../power-record.ts';
import { parseExpansion } from '../show-machine.ts';
import { parseInstanceFilter } from './instance-filter.ts';
import { findSet, instancesOf, numberOf, setIdOf, setType, skuOf } from './set-document.ts';
import { showInstance, showSet } from './show-set.ts';

/** One set; `$expand=userData` shows its machines' user data. Refuses `ResourceNotFound`. */
export async function getSet({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const expansion = parseExpansion(call.query.get('$expand'));
  if (isRefusal(expansion)) return expansion;
  const found = await findSet(store, call.resourceId);
  if (isRefusal(found)) return found;
  return { status: 200, body: showSet(found.body, found.etag, expansion), etag: found.etag };
}

/** The sets of a group or subscription, or of a subscription's region. */
export async function listSets({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const container = documentKey(containerOf(call.params));
  const type = setType.toLowerCase();
  const region = call.params['location']?.toLowerCase();
  const show = ({ body, etag }: Document) => showSet(body, etag);
  const load = (after: string, limit: number) => store.list(container, { type, after: documentKey(after), limit });
  if (region === undefined) {
    const page = await loadPage(load, { keyOf: ({ key }) => key, show }, call);
    return isRefusal(page) ? page : { status: 200, body: page };
  }
  const inRegion = (await store.list(container, { type })).filter(({ body }) => body['location'] === region);
  const page = pageOf(inRegion.map(show), (set) => machineKey(String(set['id'])), call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** How many instances are in which state, and the set's own. Refuses `ResourceNotFound`. */
export async function getSetView({ store, clock }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const set = await findSet(store, call.resourceId.replace(/\/instanceView$/i, ''));
  if (isRefusal(set)) return set;
  const counts = new Map<string, number>();
  for (const { body } of await instancesOf(store, String(set.body['id']))) {
    const code = `ProvisioningState/${stateOf(body).toLowerCase()}`;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const statusesSummary = [...counts].map(([code, count]) => ({ code, count }));
  const statuses = [{ ...provisioningStatus(stateOf(set.body)), time: formatArmTime(clock.now()) }];
  return { status: 200, body: { virtualMachine: { statusesSummary }, statuses, orchestrationServices: [] } };
}

/** The sizes to which a set can be scaled: how many of its own. Refuses `ResourceNotFound`. */
export async function listSetSkus({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const set = await findSet(store, call.resourceId.replace(/\/skus$/i, ''));
  if (isRefusal(set)) return set;
  const { name, tier } = skuOf(set.body);
  const capacity = { minimum: 0, maximum: 1000, defaultCapacity: 1, scaleType: 'Automatic' };
  return { status: 200, body: { value: [{ resourceType: setType, sku: { name, tier }, capacity }] } };
}

/** The instances of a set in the order of their numbers; `$expand=instanceView`, `$filter`, `$top`. */
export async function listInstances({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const setId = setIdOf(call.resourceId);
  const set = await findSet(store, setId);
  const expansion = parseExpansion(call.query.get('$expand'));
  const matches = parseInstanceFilter(call.query.get('$filter'));
  if (isRefusal(set)) return set;
  if (isRefusal(expansion)) return expansion;
  if (isRefusal(matches)) return matches;
  const shown = await Promise.all(
    (await instancesOf(store, setId)).map(async (instance) => {
      const record = expansion.instanceView || matches !== undefined ? await powerOf(store, instance) : undefined;
      return { shown: showInstance(set.body, instance, expansion, record), record };
    }),
  );
  const chosen = shown.filter(({ shown, record }) => matches === undefined || (record && matches(shown, record)));
  const inOrder = (instance: JsonObject) => String(numberOf(instance)).padStart(12, '0');
  const page = pageOf(
    chosen.map(({ shown }) => shown),
    inOrder,
    call,
  );
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** One instance, with what `$expand` asks for. Refuses `ResourceNotFound`. */
export async function getInstance({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const expansion = parseExpansion(call.query.get('$expand'));
  if (isRefusal(expansion)) return expansion;
  const [set, found] = [await findSet(store, setIdOf(call.resourceId)), await store.get(machineKey(call.resourceId))];
  if (isRefusal(set)) return set;
  if (found === undefined) return machineNotFound(call.resourceId);
  const record = expansion.instanceView ? await powerOf(store, found) : undefined;
  return { status: 200, body: showInstance(set.body, found, expansion, record), etag: found.etag };
}

/** An instance's view. Refuses `ResourceNotFound`. */
export async function getInstanceView({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const instanceId = call.resourceId.replace(/\/instanceView$/i, '');
  const found = await store.get(machineKey(instanceId));
  if (found === undefined) return machineNotFound(instanceId);
  const place = { placementGroupId: '', platformUpdateDomain: 0, platformFaultDomain: 0 };
  return { status: 200, body: { ...place, ...instanceViewOf(found.body, await powerOf(store, found)) } };
}

async function powerOf(store: Store, { body }: Document): Promise<PowerRecord> {
  const vmId = vmIdOf(body);
  return parsePower(await store.get(powerKey(vmId)), vmId, String(body['id']));
}
