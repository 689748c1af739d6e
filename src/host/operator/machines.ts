import { vmIdOf } from '../../arm/providers/Microsoft.Compute/machine-document.ts';
import { machineType } from '../../arm/providers/Microsoft.Compute/machine-name.ts';
import { parsePower, powerKey } from '../../arm/providers/Microsoft.Compute/power-record.ts';
import { instanceType, setIdOf } from '../../arm/providers/Microsoft.Compute/scale-set/set-document.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { MachineHost } from '../../core/ports/machine-host.ts';
import { documentKey, type Store, typeOfKey } from '../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { foldId, parseResourceId } from '../../core/resource-id.ts';
import type { OperatorEntry, OperatorMachine } from './wire.ts';

/** What the operator's view of machines is made from. */
export interface OperatorMachinePorts {
  readonly store: Store;
  readonly machineHost: MachineHost;
}

/** Machines, and the instances of scale sets, which are named `{set}_{number}`. */
const types = [machineType, instanceType].map((type) => type.toLowerCase());

/** Every machine, by resource id. */
export async function listMachines(ports: OperatorMachinePorts): Promise<readonly OperatorMachine[]> {
  const found = await Promise.all(types.map((type) => ports.store.list(documentKey('/subscriptions'), { type })));
  return Promise.all(found.flat().map(({ body }) => describe(body, ports)));
}

/** Finds one machine by its name, without regard to case, or by its resource id. */
export async function findMachine(ports: OperatorMachinePorts, name: string): Promise<OperatorMachine | Refusal> {
  if (name.startsWith('/')) {
    const key = documentKey(foldId(name));
    const document = types.includes(typeOfKey(key)) ? await ports.store.get(key) : undefined;
    return document === undefined ? missing(name) : describe(document.body, ports);
  }
  const [found, ...others] = (await listMachines(ports)).filter(
    (machine) => machine.name.toLowerCase() === name.toLowerCase(),
  );
  if (found === undefined) return missing(name);
  if (others.length === 0) return found;
  const ids = [found, ...others].map(({ resourceId }) => resourceId).join(', ');
  return refuse('InvalidParameter', `There are several machines named '${name}': name one by its resource id: ${ids}`);
}

/**
 * How to run a program on a machine, as its administrator unless another user is named. Rootless and without subordinate ids
 * a machine has no user but root: then it is root who enters where nobody was named.
 */
export async function enterMachine(
  ports: OperatorMachinePorts,
  name: string,
  asUser: string | undefined,
): Promise<OperatorEntry | Refusal> {
  const machine = await findMachine(ports, name);
  if (isRefusal(machine)) return machine;
  const document = await ports.store.get(documentKey(machine.resourceId));
  const users = asUser === undefined ? [administratorOf(document?.body), 'root'] : [asUser];
  const entry = enterAs(ports.machineHost, machine.resourceId, users);
  if (entry !== undefined) return entry;
  const support = await ports.machineHost.support();
  const why = support.supported ? `it is ${machine.powerState}.` : support.missing.join(' ');
  return refuse('OperationNotAllowed', `The machine '${machine.name}' is not running: ${why}`);
}

/** Enters as the first user who can; else the refusal is that of the first. Undefined when the machine does not run. */
function enterAs(host: MachineHost, resourceId: string, users: readonly string[]): OperatorEntry | Refusal | undefined {
  const entries = users.map((user) => ({ user, entry: host.entry(resourceId, user) }));
  for (const { user, entry } of entries) {
    if (entry !== undefined && !isRefusal(entry)) return { resourceId, user, ...entry };
  }
  return entries.map(({ entry }) => entry).find(isRefusal);
}

function missing(name: string): Refusal {
  return refuse('ResourceNotFound', `There is no machine '${name}'. \`postern vm list\` lists them.`);
}

function administratorOf(resource: JsonObject | undefined): string {
  const name = within(within(resource?.['properties'], 'osProfile'), 'adminUsername');
  return typeof name === 'string' && name !== '' ? name : 'root';
}

async function describe(resource: JsonObject, ports: OperatorMachinePorts): Promise<OperatorMachine> {
  const resourceId = String(resource['id']);
  const running = ports.machineHost.running(resourceId);
  const block = await identityOf(resource, ports.store);
  const principalId = within(block, 'principalId');
  const identity = within(block, 'type');
  return {
    name: String(resource['name']),
    resourceGroup: parseResourceId(resourceId)?.resourceGroupName ?? '',
    resourceId,
    powerState: await powerOf(resource, running !== undefined, ports.store),
    identity: typeof identity === 'string' && identity !== 'None' ? identity : '',
    ...(typeof principalId === 'string' ? { principalId } : {}),
    ...(running === undefined ? {} : { initPid: running.initPid }),
  };
}

/** A machine's identity block; an instance's is its scale set's. */
async function identityOf(resource: JsonObject, store: Store): Promise<Json | undefined> {
  if (resource['type'] !== instanceType) return resource['identity'];
  return (await store.get(documentKey(setIdOf(String(resource['id'])))))?.body['identity'];
}

/** The power that the machine is meant to have; a machine that is meant to run and does not has failed. */
async function powerOf(resource: JsonObject, runs: boolean, store: Store): Promise<string> {
  if (runs) return 'running';
  const vmId = vmIdOf(resource);
  const { power } = parsePower(await store.get(powerKey(vmId)), vmId, String(resource['id']));
  return power === 'running' ? 'failed' : power;
}

function within(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}
