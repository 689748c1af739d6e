// Get-AzVM and Restart-AzVM, through the Compute client's version 2024-07-01.

import { setTimeout } from 'node:timers/promises';
import { checkReads } from './check-reads.ts';
import { asyncOperation, instanceView, oneVirtualMachine, virtualMachinePage } from './reads.ts';
import { type Answer, send } from './send.ts';
import { type Cmdlet, type Parameters, type Place, placeOf } from './session.ts';

const apiVersion = 'api-version=2024-07-01';

/** Of so many machines -Status asks for the instance view. */
const maxMachinesForStatus = 100;

/** How long a poll waits where the answer does not say it, in seconds. */
const defaultRetrySeconds = 30;

interface Machine {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly properties: {
    readonly provisioningState: string;
    readonly instanceView?: {
      readonly statuses: readonly { readonly code: string; readonly displayStatus?: string }[];
    };
  };
}

/** The lists follow `nextLink`; -Status on a list is one more GET for each machine. */
export const getVm: Cmdlet = async (session, parameters) => {
  const place = await placeOf(session);
  const { ResourceGroupName: group, Name: name, Status: status } = parameters;
  if (group !== undefined && name !== undefined) {
    const one = await getOne(place, String(group), String(name), status === true);
    return { output: toOutput(one), session };
  }
  const folder = group === undefined ? '' : `/resourceGroups/${encodeURIComponent(String(group))}`;
  const machines = (await listAll(place, folder)).filter((one) => name === undefined || one.name === name);
  const shown = status === true ? machines.slice(0, maxMachinesForStatus) : [];
  const states = await Promise.all(shown.map(({ id }) => getOne(place, groupOf(id), nameOf(id), true)));
  return { output: machines.map((machine, index) => toOutput(states[index] ?? machine)), session };
};

/** POST, then Azure-AsyncOperation until it ends, then Location once more for what the operation came to. */
export const restartVm: Cmdlet = async (session, parameters) => {
  const place = await placeOf(session);
  const { group, name } = groupAndName(parameters);
  const url = `${machineUrl(place, group, name)}/restart?${apiVersion}`;
  const first = await send({ method: 'POST', url, accepts: [200, 202], token: place.token });
  const status = first.status === 202 ? await pollToEnd(place, first) : 'Succeeded';
  return { output: { operationId: first.headers['x-ms-request-id'], status }, session };
};

function groupAndName({ Id, ResourceGroupName, Name }: Parameters) {
  const id = String(Id);
  return Id === undefined
    ? { group: String(ResourceGroupName), name: String(Name) }
    : { group: groupOf(id), name: nameOf(id) };
}

async function pollToEnd({ token }: Place, first: Answer): Promise<string> {
  const operation = absolute(first, 'azure-asyncoperation') ?? absolute(first, 'location');
  if (operation === undefined)
    throw new Error('The recommended pattern is POST-202 with Azure-AsyncOperation or Location.');
  let last = first;
  let status = 'InProgress';
  while (status === 'InProgress') {
    await setTimeout(1000 * Number(last.headers['retry-after'] ?? defaultRetrySeconds));
    last = await send({ method: 'GET', url: operation, accepts: [200, 201, 202, 204], token });
    status = checkReads<{ status: string }>(last.body, asyncOperation).status;
  }
  const location = absolute(first, 'location');
  if (location !== undefined && status === 'Succeeded') {
    await send({ method: 'GET', url: location, accepts: [200, 201, 202, 204], token });
  }
  return status;
}

/** A header's address, which the source refuses unless it is absolute. */
function absolute({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? new URL(value).href : undefined;
}

async function getOne(place: Place, group: string, name: string, status: boolean): Promise<Machine> {
  const url = `${machineUrl(place, group, name)}?${status ? '$expand=instanceView&' : ''}${apiVersion}`;
  const { body } = await send({ method: 'GET', url, accepts: [200], token: place.token });
  const machine = checkReads<Machine>(body, oneVirtualMachine);
  return status ? checkReads<Machine>(machine, instanceView) : machine;
}

async function listAll({ base, subscriptionId, token }: Place, folder: string): Promise<readonly Machine[]> {
  const found: Machine[] = [];
  const path = `subscriptions/${subscriptionId}${folder}/providers/Microsoft.Compute/virtualMachines`;
  let next: string | undefined = `${base}${path}?${apiVersion}`;
  while (next !== undefined) {
    const { body }: Answer = await send({ method: 'GET', url: next, accepts: [200], token });
    const page: { value: readonly Machine[]; nextLink?: string } = checkReads(body, virtualMachinePage);
    found.push(...page.value);
    next = page.nextLink;
  }
  return found;
}

function machineUrl({ base, subscriptionId }: Place, group: string, name: string): string {
  const folder = `${base}subscriptions/${subscriptionId}/resourceGroups/${encodeURIComponent(group)}`;
  return `${folder}/providers/Microsoft.Compute/virtualMachines/${encodeURIComponent(name)}`;
}

/** The power state is the last status that begins so. */
function toOutput({ id, name, location, properties }: Machine) {
  const power = properties.instanceView?.statuses.findLast(({ code }) => code.startsWith('PowerState'));
  const { provisioningState } = properties;
  return { name, resourceGroupName: groupOf(id), location, provisioningState, powerState: power?.displayStatus };
}

function groupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
