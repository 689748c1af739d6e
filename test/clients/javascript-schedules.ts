/**
 * Runs outside the machines as a program of an administrator: the management package for authorization against the origin of a
 * running Postern. Reads its place from standard input and prints what it saw.
 */
import { randomUUID } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { ResourceManagementClient } from '@azure/arm-resources';
import { ClientSecretCredential } from '@azure/identity';
import type { ClientEnvironment } from './running-postern.ts';

const { tenantId, clientId, clientSecret, origin, subscriptionId, group } = (await json(
  process.stdin,
)) as ClientEnvironment & { group: string };
const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
  authorityHost: origin,
  disableInstanceDiscovery: true,
});
const options = {
  endpoint: origin,
  credentials: { scopes: [`${origin}/.default`] },
  credentialScopes: `${origin}/.default`,
};
const resources = new ResourceManagementClient(credential, subscriptionId, options);
const identities = new ManagedServiceIdentityClient(credential, subscriptionId, options);
const client = new AuthorizationManagementClient(credential, subscriptionId, options);
const requests = client.roleAssignmentScheduleRequests;
const seen: Record<string, unknown> = {};

const { id: scope = '' } = await resources.resourceGroups.createOrUpdate(group, { location: 'westeurope' });
const identity = await identities.userAssignedIdentities.createOrUpdate(group, 'timed', { location: 'westeurope' });
const target = {
  principalId: identity.principalId ?? '',
  roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
};
const now = Date.now();
const during = (from: number, to: number) => ({
  startDateTime: new Date(from),
  expiration: { type: 'AfterDateTime', endDateTime: new Date(to) },
});
const hour = 3_600_000;
const assign = { ...target, requestType: 'AdminAssign', scheduleInfo: during(now, now + hour) };

seen['validated'] = (await requests.validate(scope, randomUUID(), assign)).requestType;
const name = randomUUID();
const made = await requests.create(scope, name, assign);
seen['made'] = [made.status, made.principalType, made.expandedProperties?.roleDefinition?.displayName];
seen['shown'] = (await requests.get(scope, name)).status;
seen['requests'] = (
  await all(requests.listForScope(scope, { filter: `principalId eq '${target.principalId}'` }))
).length;
const [schedule] = await all(client.roleAssignmentSchedules.listForScope(scope));
seen['schedule'] = [schedule?.status, schedule?.assignmentType, schedule?.memberType];
seen['end'] = Math.abs((schedule?.endDateTime?.getTime() ?? 0) - now - hour) < 1000;
const [instance] = await all(client.roleAssignmentScheduleInstances.listForScope(scope, { filter: 'atScope()' }));
const assignments = await all(client.roleAssignments.listForScope(scope, { filter: 'atScope()' }));
seen['instance'] = assignments.some(({ id }) => id === instance?.originRoleAssignmentId);
seen['overlap'] = await refusal(requests.create(scope, randomUUID(), assign));
seen['extended'] = (
  await requests.create(scope, randomUUID(), {
    ...target,
    requestType: 'AdminExtend',
    scheduleInfo: during(now, now + 2 * hour),
  })
).status;
const later = randomUUID();
await requests.create(scope, later, {
  ...target,
  requestType: 'AdminAssign',
  scheduleInfo: during(now + 3 * hour, now + 4 * hour),
});
await requests.cancel(scope, later);
seen['cancelled'] = (await requests.get(scope, later)).status;
seen['past'] = await refusal(
  requests.create(scope, randomUUID(), { ...assign, scheduleInfo: during(now - 2 * hour, now - hour) }),
);
seen['backwards'] = await refusal(
  requests.create(scope, randomUUID(), { ...assign, scheduleInfo: during(now + 5 * hour, now + 4 * hour) }),
);
const huge = { expiration: { type: 'AfterDuration', duration: 'P9999Y' } };
seen['huge'] = await refusal(requests.create(scope, randomUUID(), { ...assign, scheduleInfo: huge }));
seen['removed'] = (await requests.create(scope, randomUUID(), { ...target, requestType: 'AdminRemove' })).status;
seen['left'] = (await all(client.roleAssignmentScheduleInstances.listForScope(scope))).length;
await client.roleEligibilityScheduleRequests.create(scope, randomUUID(), { ...target, requestType: 'AdminAssign' });
seen['eligible'] = (await all(client.roleEligibilitySchedules.listForScope(scope))).map(({ status }) => status);
seen['eligibleNow'] = (await all(client.roleEligibilityScheduleInstances.listForScope(scope))).length;
console.log(JSON.stringify(seen));

async function all<Item>(pages: AsyncIterable<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

async function refusal(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'taken',
    (error: { code?: string }) => error.code ?? String(error),
  );
}
