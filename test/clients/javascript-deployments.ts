/**
 * Runs outside the machines as a program of an administrator: the deployments client against the origin of a running Postern. Reads
 * its place from standard input and prints what it saw.
 */
import { json } from 'node:stream/consumers';
import { ResourceManagementClient } from '@azure/arm-resources';
import { DeploymentsClient } from '@azure/arm-resourcesdeployments';
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
const resources = new ResourceManagementClient(credential, subscriptionId, options);
const { deployments, deploymentOperations } = new DeploymentsClient(credential, subscriptionId, options);
const seen: Record<string, unknown> = {};

const template = (parts: object) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  resources: [],
  ...parts,
});
const account = (name: string, location = 'westeurope') => ({
  type: 'Microsoft.Storage/storageAccounts',
  apiVersion: '2023-01-01',
  name,
  location,
});
const asked = (of: object, more = {}) => ({ properties: { mode: 'Incremental' as const, template: of, ...more } });

await resources.resourceGroups.createOrUpdate(group, { location: 'westeurope' });
const copies = template({
  parameters: { count: { type: 'int' }, key: { type: 'securestring' } },
  resources: [{ ...account("[concat('js', copyIndex())]"), copy: { name: 'all', count: "[parameters('count')]" } }],
  outputs: { region: { type: 'string', value: "[reference('js0', '2023-01-01', 'Full').location]" } },
});
const wanted = asked(copies, { parameters: { count: { value: 2 }, key: { value: 'hush' } } });
seen['validated'] = (await deployments.validate(group, 'one', wanted)).properties?.validatedResources?.length;
seen['whatIf'] = (await deployments.whatIf(group, 'one', wanted)).changes?.map(({ changeType }) => changeType);
const made = await deployments.createOrUpdate(group, 'one', wanted, polling);
seen['made'] = [made.properties?.provisioningState, made.properties?.outputs, made.properties?.parameters];
seen['again'] = (await deployments.whatIf(group, 'one', wanted)).changes?.map(({ changeType }) => changeType);
seen['shown'] = (await deployments.get(group, 'one')).properties?.outputResources?.length;
seen['listed'] = (await Array.fromAsync(deployments.listByResourceGroup(group))).map(({ name }) => name);
const operations = await Array.fromAsync(deploymentOperations.list(group, 'one'));
seen['operations'] = operations.map(({ properties }) => properties?.provisioningOperation).toSorted();
const [operation] = operations;
seen['operation'] = (await deploymentOperations.get(group, 'one', operation?.operationId ?? '')).id === operation?.id;
const exported = (await deployments.exportTemplate(group, 'one')).template as { readonly outputs: object };
seen['exported'] = Object.keys(exported.outputs);
seen['failed'] = await refusal(
  deployments.createOrUpdate(group, 'bad', asked(template({ resources: [account('x', 'atlantis')] })), polling),
);
seen['state'] = (await deployments.get(group, 'bad')).properties?.provisioningState;
seen['invalid'] = await refusal(
  deployments.createOrUpdate(group, 'none', asked(template({ resources: [{ ...account('x'), dependsOn: ['y'] }] }))),
);
seen['ended'] = await refusal(deployments.cancel(group, 'one'));
await deployments.delete(group, 'bad', polling);
seen['gone'] = await refusal(deployments.get(group, 'bad'));
const byTemplate = {
  type: 'Microsoft.Resources/resourceGroups',
  apiVersion: '2022-09-01',
  name: `${group}-2`,
  location: 'westeurope',
};
const above = await deployments.createOrUpdateAtSubscriptionScope(
  'above',
  { location: 'westeurope', ...asked(template({ resources: [byTemplate] })) },
  polling,
);
seen['above'] = [above.location, (await resources.resourceGroups.get(`${group}-2`)).name];
process.stdout.write(JSON.stringify(seen));

/** The code that a call was refused with. */
async function refusal(call: PromiseLike<unknown>): Promise<unknown> {
  try {
    await call;
    return 'not refused';
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    return code ?? message;
  }
}
