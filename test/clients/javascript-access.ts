/**
 * Runs outside the machines: an administrator publishes access control profiles and guards a machine with one. Reads its place
 * from standard input and prints what it saw.
 */
import { json } from 'node:stream/consumers';
import { ComputeManagementClient } from '@azure/arm-compute';
import { ResourceManagementClient } from '@azure/arm-resources';
import { ClientSecretCredential } from '@azure/identity';
import type { ClientEnvironment } from './running-postern.ts';

const { tenantId, clientId, clientSecret, origin, subscriptionId, group } = (await json(
  process.stdin,
)) as ClientEnvironment & { group: string };
const options = {
  endpoint: origin,
  credentials: { scopes: [`${origin}/.default`] },
  credentialScopes: `${origin}/.default`,
};
const identityOptions = { authorityHost: origin, disableInstanceDiscovery: true };
const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, identityOptions);
const compute = new ComputeManagementClient(credential, subscriptionId, options);
const { galleries, galleryInVMAccessControlProfiles: profiles, virtualMachines } = compute;
const versions = compute.galleryInVMAccessControlProfileVersions;
const location = 'westeurope';
const seen: Record<string, unknown> = {};

await new ResourceManagementClient(credential, subscriptionId, options).resourceGroups.createOrUpdate(group, {
  location,
});
await galleries.createOrUpdate(group, 'gal', { location });
const kind = { osType: 'Linux', applicableHostEndpoint: 'IMDS' } as const;
await profiles.createOrUpdate(group, 'gal', 'web', { location, properties: kind });
seen['profile'] = (await profiles.get(group, 'gal', 'web')).properties?.osType;
const version = {
  location,
  mode: 'Enforce',
  defaultAccess: 'Deny',
  rules: {
    privileges: [
      {
        name: 'vault',
        path: '/metadata/identity/oauth2/token',
        queryParameters: { resource: 'https://vault.azure.net' },
      },
    ],
    roles: [{ name: 'readers', privileges: ['vault'] }],
    identities: [{ name: 'alice', userName: 'alice' }],
    roleAssignments: [{ role: 'readers', identities: ['alice'] }],
  },
};
const made = await versions.createOrUpdate(group, 'gal', 'web', '1.0.0', version);
seen['rules'] = JSON.stringify(made.rules) === JSON.stringify(version.rules);
seen['published'] = made.publishedDate instanceof Date;
seen['wrong'] = await failureOf(versions.createOrUpdate(group, 'gal', 'web', '1.0.1', { ...version, mode: 'Strict' }));
const listed: (string | undefined)[] = [];
for await (const one of versions.listByGalleryInVMAccessControlProfile(group, 'gal', 'web')) listed.push(one.name);
seen['listed'] = listed;

const imds = { inVMAccessControlProfileReferenceId: made.id ?? '', mode: 'Enforce' };
const machine = await virtualMachines.createOrUpdate(group, 'web-1', {
  location,
  securityProfile: { proxyAgentSettings: { enabled: true, imds } },
});
seen['reference'] = machine.securityProfile?.proxyAgentSettings?.imds?.inVMAccessControlProfileReferenceId === made.id;
seen['used'] = await failureOf(versions.createOrUpdate(group, 'gal', 'web', '1.0.0', { ...version, mode: 'Audit' }));
await virtualMachines.delete(group, 'web-1');
seen['nested'] = await failureOf(profiles.delete(group, 'gal', 'web'));
await versions.delete(group, 'gal', 'web', '1.0.0');
await profiles.delete(group, 'gal', 'web');
seen['gone'] = await failureOf(profiles.get(group, 'gal', 'web'));
console.log(JSON.stringify(seen));

async function failureOf(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing failed';
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    return `${code}: ${message}`;
  }
}
