/**
 * Makes, outside the machines and with plain requests, what the played cmdlets are to find: a group with a machine whose
 * user-assigned identity reads and gives access to the subscription, and whose own identity has no role. Prints the ids.
 */
import { randomUUID } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { ClientEnvironment } from '../running-postern.ts';
import { servicePrincipal } from './authenticators.ts';
import { send } from './send.ts';

const { origin, tenantId, clientId, clientSecret, subscriptionId } = (await json(process.stdin)) as ClientEnvironment;
const token = await servicePrincipal(origin, tenantId, clientId, clientSecret)('https://management.azure.com');
const subscription = `/subscriptions/${subscriptionId}`;
const group = `${subscription}/resourceGroups/powershell`;
const location = 'westeurope';

interface Made {
  readonly id: string;
  readonly properties: { readonly principalId: string; readonly clientId: string; readonly provisioningState: string };
}

await put(group, '2021-04-01', { location });
const shared = await put(`${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared`, '2023-01-31', {
  location,
});
const identity = { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [shared.id]: {} } };
const machine = await put(`${group}/providers/Microsoft.Compute/virtualMachines/web-1`, '2024-07-01', {
  location,
  identity,
});
while ((await call('GET', machine.id, '2024-07-01')).properties.provisioningState !== 'Succeeded')
  await setTimeout(100);
const userAccessAdministrator = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/18d7d88d-d35e-4fb5-a5c3-7773c20a72d9`;
const { principalId } = shared.properties;
await put(`${subscription}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, '2022-04-01', {
  properties: { principalId, principalType: 'ServicePrincipal', roleDefinitionId: userAccessAdministrator },
});
console.log(
  JSON.stringify({ group, machine: machine.id, shared: { clientId: shared.properties.clientId, principalId } }),
);

function put(path: string, version: string, body: object): Promise<Made> {
  return call('PUT', path, version, body);
}

async function call(method: 'GET' | 'PUT', path: string, version: string, body?: object): Promise<Made> {
  const url = `${origin}${path}?api-version=${version}`;
  const accepts = [200, 201, 202];
  return (await send({ method, url, accepts, token, ...(body === undefined ? {} : { body }) })).body as Made;
}
