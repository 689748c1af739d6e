import type { JsonObject } from '../../../core/json.ts';
import { loadPage, pageOf } from '../../../core/paging.ts';
import { type Document, documentKey, type Store } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { containerOf, foldId, sameId } from '../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { instanceViewOf } from './instance-view.ts';
import { machineKey, propertiesOf, vmIdOf } from './machine-document.ts';
import { machineType } from './machine-name.ts';
import { partOf } from './machine-properties.ts';
import { machineNotFound } from './machine-refusals.ts';
import { type PowerRecord, parsePower, powerKey, powerRoot } from './power-record.ts';
import { type Expansion, parseExpansion, showMachine, showStored } from './show-machine.ts';

/** One machine, with what `$expand` asks for. Refuses `ResourceNotFound`. */
export async function getMachine({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const expansion = parseExpansion(call.query.get('$expand'));
  if (isRefusal(expansion)) return expansion;
  const found = await store.get(machineKey(call.resourceId));
  if (found === undefined) return machineNotFound(call.resourceId);
  const { etag } = found;
  if (!expansion.instanceView && !expansion.userData) return { status: 200, body: showStored(found), etag };
  const record = expansion.instanceView ? await powerOf(store, found) : undefined;
  return { status: 200, body: showMachine(found.body, etag, expansion, record), etag };
}

/** A machine's instance view. Refuses `ResourceNotFound`. */
export async function getInstanceView({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const machineId = call.resourceId.replace(/\/instanceView$/i, '');
  const found = await store.get(machineKey(machineId));
  if (found === undefined) return machineNotFound(machineId);
  return { status: 200, body: instanceViewOf(found.body, await powerOf(store, found)) };
}

/** The machines of a resource group or subscription; `statusOnly` and `$expand` add their instance views. */
export async function listMachines({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const asked = parseExpansion(call.query.get('$expand'));
  if (isRefusal(asked)) return asked;
  const matches = parseFilter(call.query.get('$filter'));
  if (isRefusal(matches)) return matches;
  const statusOnly = call.query.get('statusonly')?.toLowerCase() === 'true';
  const show = await showListed(store, { ...asked, instanceView: asked.instanceView || statusOnly });
  const container = documentKey(containerOf(call.params));
  const type = machineType.toLowerCase();
  const page =
    matches === undefined
      ? await loadPage(
          (after, limit) => store.list(container, { type, after: documentKey(after), limit }),
          { keyOf: ({ key }) => key, show },
          call,
        )
      : pageOf(
          (await store.list(container, { type })).filter(({ body }) => matches(body)).map(show),
          (machine) => foldId(String(machine['id'])),
          call,
        );
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** How a list shows a machine. The instance views need the power records of all: they are read once. */
async function showListed(store: Store, expansion: Expansion): Promise<(machine: Document) => JsonObject> {
  if (!expansion.instanceView && !expansion.userData) return showStored;
  const powers = new Map((await store.list(powerRoot)).map((power) => [power.key, power] as const));
  return ({ body, etag }) => {
    const vmId = vmIdOf(body);
    return showMachine(body, etag, expansion, parsePower(powers.get(powerKey(vmId)), vmId, String(body['id'])));
  };
}

async function powerOf(store: Store, { body }: Document): Promise<PowerRecord> {
  const vmId = vmIdOf(body);
  return parsePower(await store.get(powerKey(vmId)), vmId, String(body['id']));
}

const scaleSetFilter = /^\s*'?virtualMachineScaleSet\/id'?\s+eq\s+'([^']*)'\s*$/i;

/**
 * The one filter that Azure has here, in the quoting that the CLI uses; undefined without one. Refuses
 * `InvalidFilterInQueryString`.
 */
function parseFilter(filter: string | undefined): ((body: JsonObject) => boolean) | undefined | Refusal {
  if (filter === undefined || filter.trim() === '') return undefined;
  const wanted = scaleSetFilter.exec(filter)?.[1];
  if (wanted === undefined) {
    return refuse(
      'InvalidFilterInQueryString',
      `Invalid $filter '${filter}' specified in the query string. Use 'virtualMachineScaleSet/id' eq '{id}'.`,
    );
  }
  return (body) => sameId(String(partOf(propertiesOf(body), 'virtualMachineScaleSet')['id'] ?? ''), wanted);
}
