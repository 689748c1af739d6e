import type { JsonObject } from '../../../core/json.ts';
import { pageOf } from '../../../core/paging.ts';
import { type Document, documentKey } from '../../../core/ports/store.ts';
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
  const expansion: Expansion = { ...asked, instanceView: asked.instanceView || statusOnly };
  const machines = (await store.list(documentKey(containerOf(call.params)))).filter(
    ({ body }) => body['type'] === machineType && matches(body),
  );
  const powers = expansion.instanceView ? await store.list(powerRoot) : [];
  const byKey = new Map(powers.map((power) => [power.key, power] as const));
  const shown = machines.map(({ body, etag }) => {
    const vmId = vmIdOf(body);
    return showMachine(body, etag, expansion, parsePower(byKey.get(powerKey(vmId)), vmId, String(body['id'])));
  });
  const page = pageOf(shown, (machine) => foldId(String(machine['id'])), call);
  return isRefusal(page) ? page : { status: 200, body: page };
}

async function powerOf(store: ProviderContext['store'], { body }: Document): Promise<PowerRecord> {
  const vmId = vmIdOf(body);
  return parsePower(await store.get(powerKey(vmId)), vmId, String(body['id']));
}

const scaleSetFilter = /^\s*'?virtualMachineScaleSet\/id'?\s+eq\s+'([^']*)'\s*$/i;

/** The one filter that Azure has here, in the quoting that the CLI uses. Refuses `InvalidFilterInQueryString`. */
function parseFilter(filter: string | undefined): ((body: JsonObject) => boolean) | Refusal {
  if (filter === undefined || filter.trim() === '') return () => true;
  const wanted = scaleSetFilter.exec(filter)?.[1];
  if (wanted === undefined) {
    return refuse(
      'InvalidFilterInQueryString',
      `Invalid $filter '${filter}' specified in the query string. Use 'virtualMachineScaleSet/id' eq '{id}'.`,
    );
  }
  return (body) => sameId(String(partOf(propertiesOf(body), 'virtualMachineScaleSet')['id'] ?? ''), wanted);
}
