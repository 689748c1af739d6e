/**
 * Runs outside the machines as a program of an administrator: the management packages for management groups, locks and the
 * activity log against the origin of a running Postern. Reads its place from standard input and prints what it saw.
 */
import { json } from 'node:stream/consumers';
import { ManagementLockClient } from '@azure/arm-locks';
import { ManagementGroupsAPI } from '@azure/arm-managementgroups';
import { MonitorClient } from '@azure/arm-monitor';
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
const polling = { updateIntervalInMs: 100 };
const groups = new ManagementGroupsAPI(credential, options);
const locks = new ManagementLockClient(credential, subscriptionId, options);
const monitor = new MonitorClient(credential, subscriptionId, options);
const resources = new ResourceManagementClient(credential, subscriptionId, options);
const seen: Record<string, unknown> = {};

const idOf = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`;
const made = await groups.managementGroups.beginCreateOrUpdateAndWait('js1', { displayName: 'One' }, polling);
await groups.managementGroups.beginCreateOrUpdateAndWait('js2', { details: { parent: { id: idOf('js1') } } }, polling);
seen['created'] = made.displayName;
seen['shown'] = (await groups.managementGroups.get('js2', { expand: 'ancestors' })).details?.managementGroupAncestors;
seen['listed'] = (await all(groups.managementGroups.list())).map(({ name }) => name);
seen['updated'] = (await groups.managementGroups.update('js2', { displayName: 'Two' })).displayName;
seen['cycle'] = await refusal(groups.managementGroups.update('js1', { parentGroupId: idOf('js2') }));
seen['added'] = (await groups.managementGroupSubscriptions.create('js2', subscriptionId)).parent?.id;
seen['descendants'] = (await all(groups.managementGroups.listDescendants('js1'))).map(({ name }) => name);
seen['entities'] = (await all(groups.entities.list())).map(({ name }) => name);
seen['name'] = (await groups.checkNameAvailability({ name: 'js1' })).reason;
seen['withChildren'] = await refusal(groups.managementGroups.beginDeleteAndWait('js2', polling));
await groups.managementGroupSubscriptions.delete('js2', subscriptionId);
await groups.managementGroups.beginDeleteAndWait('js2', polling);
await groups.managementGroups.beginDeleteAndWait('js1', polling);
seen['left'] = (await all(groups.managementGroups.list())).length;

await resources.resourceGroups.createOrUpdate(group, { location: 'westeurope' });
const { managementLocks } = locks;
const lock = { level: 'CanNotDelete', notes: 'keep' };
seen['locked'] = (await managementLocks.createOrUpdateAtResourceGroupLevel(group, 'hold', lock)).notes;
await managementLocks.createOrUpdateAtSubscriptionLevel('all', { level: 'CanNotDelete' });
seen['locks'] = (await all(managementLocks.listAtResourceGroupLevel(group))).map(({ name }) => name).toSorted();
seen['refused'] = await refusal(resources.resourceGroups.beginDeleteAndWait(group, polling));
const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
seen['byScope'] = (await managementLocks.getByScope(scope, 'hold')).level;
await managementLocks.createOrUpdateByScope(scope, 'hold', { level: 'ReadOnly' });
seen['readOnly'] = await refusal(resources.resourceGroups.update(group, { tags: {} }));
await managementLocks.deleteByScope(scope, 'hold');
await managementLocks.deleteAtSubscriptionLevel('all');
await resources.resourceGroups.beginDeleteAndWait(group, polling);
seen['gone'] = await resources.resourceGroups.checkExistence(group);

const from = new Date(Date.now() - 3_600_000).toISOString();
const filter = `eventTimestamp ge '${from}' and resourceGroupName eq '${group}'`;
const events = await all(monitor.activityLogs.list(filter));
seen['failures'] = events
  .filter(({ status }) => status?.value === 'Failed')
  .map((event) => JSON.stringify(event).includes('ScopeLocked'));
seen['operations'] = [...new Set(events.map(({ operationName }) => operationName?.value?.toLowerCase()))].toSorted();
process.stdout.write(JSON.stringify(seen));

async function all<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  return Array.fromAsync(pages);
}

/** The code that a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return 'not refused';
  } catch (error) {
    return (error as { readonly code?: string }).code;
  }
}
