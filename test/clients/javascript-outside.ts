/**
 * Runs outside the machines as a program of an administrator: ClientSecretCredential and the management packages against the
 * origin of a running Postern. Reads its place from standard input and prints one JSON object of what it saw.
 */
import { randomUUID } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ComputeManagementClient } from '@azure/arm-compute';
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { ResourceManagementClient } from '@azure/arm-resources';
import { ClientSecretCredential } from '@azure/identity';
import type { ClientEnvironment } from './running-postern.ts';

const { tenantId, clientId, clientSecret, origin, subscriptionId, group } = (await json(
  process.stdin,
)) as ClientEnvironment & { group: string };
const credentialOptions = { authorityHost: origin, disableInstanceDiscovery: true };
const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, credentialOptions);
const options = {
  endpoint: origin,
  credentials: { scopes: [`${origin}/.default`] },
  credentialScopes: `${origin}/.default`,
};
const polling = { updateIntervalInMs: 100 };
const location = 'westeurope';

const resources = new ResourceManagementClient(credential, subscriptionId, options);
const compute = new ComputeManagementClient(credential, subscriptionId, options);
const msi = new ManagedServiceIdentityClient(credential, subscriptionId, options);
const authorization = new AuthorizationManagementClient(credential, subscriptionId, options);

const seen: Record<string, unknown> = {};
seen['groupBefore'] = await resources.resourceGroups.checkExistence(group);
seen['group'] = await resources.resourceGroups.createOrUpdate(group, { location });
seen['groupsListed'] = (await all(resources.resourceGroups.list())).some(({ name }) => name === group);

const vm = await compute.virtualMachines.beginCreateOrUpdateAndWait(
  group,
  'web-1',
  { location, identity: { type: 'SystemAssigned' } },
  polling,
);
seen['vmsListed'] = (await all(compute.virtualMachines.list(group))).map(({ name }) => name);
const powerStates = [await powerState()];
await compute.virtualMachines.beginDeallocateAndWait(group, 'web-1', polling);
powerStates.push(await powerState());
await compute.virtualMachines.beginStartAndWait(group, 'web-1', polling);
powerStates.push(await powerState());
await compute.virtualMachines.beginRestartAndWait(group, 'web-1', polling);
powerStates.push(await powerState());
seen['powerStates'] = powerStates;
const script = { commandId: 'RunShellScript', script: ['echo "$(hostname)"'] };
const ran = await compute.virtualMachines.beginRunCommandAndWait(group, 'web-1', script, polling);
seen['ran'] = ran.value?.[0]?.message;
seen['hasSizes'] = (await all(compute.virtualMachineSizes.list(location))).some(({ name }) => name === 'Standard_B2s');

const identity = await msi.userAssignedIdentities.createOrUpdate(group, 'shared', { location });
const identityId = identity.id ?? '';
seen['identitiesListed'] = (await all(msi.userAssignedIdentities.listByResourceGroup(group))).map(({ name }) => name);
const attach = {
  identity: { type: 'SystemAssigned, UserAssigned' as const, userAssignedIdentities: { [identityId]: {} } },
};
await compute.virtualMachines.beginUpdateAndWait(group, 'web-1', attach, polling);
seen['resourcesListed'] = (await all(resources.resources.listByResourceGroup(group)))
  .map(({ type }) => type)
  .toSorted();

const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
const [reader] = await all(authorization.roleDefinitions.list(scope, { filter: "roleName eq 'Reader'" }));
const roleDefinitionId = reader?.id ?? '';
const assignment = { roleDefinitionId, principalId: identity.principalId ?? '', principalType: 'ServicePrincipal' };
const name = randomUUID();
seen['assigned'] = (await authorization.roleAssignments.create(scope, name, assignment)).principalId;
seen['assignmentsForPrincipal'] = await assignmentsOf(assignment.principalId);
await authorization.roleAssignments.delete(scope, name);
seen['assignmentsAfterDelete'] = await assignmentsOf(assignment.principalId);
seen['unknownPrincipal'] = await failureOf(
  authorization.roleAssignments.create(scope, randomUUID(), { roleDefinitionId, principalId: randomUUID() }),
);

const wrong = new ClientSecretCredential(tenantId, clientId, `${clientSecret}x`, credentialOptions);
seen['wrongSecret'] = await failureOf(wrong.getToken(`${origin}/.default`));
seen['made'] = {
  group,
  vm: { id: vm.id, principalId: vm.identity?.principalId },
  identity: { id: identityId, principalId: identity.principalId, clientId: identity.clientId },
};
console.log(JSON.stringify(seen));

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  return Array.fromAsync(items);
}

async function powerState(): Promise<string | undefined> {
  const { statuses = [] } = await compute.virtualMachines.instanceView(group, 'web-1');
  return statuses.map(({ code }) => code).find((code) => code?.startsWith('PowerState/'));
}

async function assignmentsOf(principalId: string): Promise<number> {
  return (await all(authorization.roleAssignments.listForScope(scope, { filter: `principalId eq '${principalId}'` })))
    .length;
}

async function failureOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'it was not refused',
    (error: Error & { code?: string }) => `${error.code ?? error.name}: ${error.message}`,
  );
}
