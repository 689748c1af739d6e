/**
 * Runs inside a machine: one request through the unmodified Azure SDK for JavaScript, with the public cloud's names and the
 * machine's own managed identity. Prints one line of JSON, `{"ok":…}` or `{"failed":…}`; exit status 0 or 1 alike.
 *
 *     node sdk.ts COMMAND [ARGUMENT …]
 */
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ComputeManagementClient } from '@azure/arm-compute';
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { ResourceManagementClient } from '@azure/arm-resources';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { ManagedIdentityCredential } from '@azure/identity';

const location = 'westeurope';
const armScope = 'https://management.azure.com/.default';
const credential = new ManagedIdentityCredential();
/** Polls of long-running operations, in milliseconds: the machine answers in far less than the SDK's two seconds. */
const polling = { updateIntervalInMs: 100 };

type Command = (...words: readonly string[]) => Promise<unknown>;

const commands: Readonly<Record<string, Command>> = {
  'subscription list': listSubscriptions,
  'group create': async (group) => {
    const { resources } = await clients();
    return resources.resourceGroups.createOrUpdate(given(group), { location });
  },
  'group delete': async (group) => {
    const { resources } = await clients();
    await resources.resourceGroups.beginDeleteAndWait(given(group), polling);
  },
  /** `users`: login names with a space between, beside the administrator's. */
  'vm create': async (group, name, users) => {
    const { compute } = await clients();
    const machine = { location, ...(users === undefined ? {} : { tags: { 'postern-users': users } }) };
    return compute.virtualMachines.beginCreateOrUpdateAndWait(given(group), given(name), machine, polling);
  },
  'vm guard': guardMachine,
  'vm list': async (group) => {
    const { compute } = await clients();
    return names(compute.virtualMachines.list(given(group)));
  },
  'vm restart': async (group, name) => {
    const { compute } = await clients();
    await compute.virtualMachines.beginRestartAndWait(given(group), given(name), polling);
  },
  'vm delete': async (group, name) => {
    const { compute } = await clients();
    await compute.virtualMachines.beginDeleteAndWait(given(group), given(name), polling);
  },
  'vm identity assign': async (group, name, userAssigned) => {
    const { compute } = await clients();
    const current = await compute.virtualMachines.get(given(group), given(name));
    const system = userAssigned === undefined || current.identity?.principalId !== undefined;
    const identity =
      userAssigned === undefined
        ? { type: 'SystemAssigned' as const }
        : {
            type: system ? ('SystemAssigned, UserAssigned' as const) : ('UserAssigned' as const),
            userAssignedIdentities: { [userAssigned]: {} },
          };
    const updated = await compute.virtualMachines.beginUpdateAndWait(given(group), given(name), { identity }, polling);
    return updated.identity;
  },
  'identity create': async (group, name) => {
    const { identities } = await clients();
    return identities.userAssignedIdentities.createOrUpdate(given(group), given(name), { location });
  },
  'role assignment create': async (scope, principalId, roleName) => {
    const { authorization } = await clients();
    return authorization.roleAssignments.create(given(scope), randomUUID(), {
      roleDefinitionId: await roleNamed(authorization, given(scope), given(roleName)),
      principalId: given(principalId),
      principalType: 'ServicePrincipal',
    });
  },
  /** `duration` is an ISO 8601 one. */
  'role grant': async (scope, principalId, roleName, duration) => {
    const { authorization } = await clients();
    const roleDefinitionId = await roleNamed(authorization, given(scope), given(roleName));
    return authorization.roleAssignmentScheduleRequests.create(given(scope), randomUUID(), {
      requestType: 'AdminAssign',
      principalId: given(principalId),
      roleDefinitionId,
      scheduleInfo: { expiration: { type: 'AfterDuration', duration: given(duration) } },
    });
  },
  'activity-log list': async (group, from) => {
    const filter = `eventTimestamp ge '${from}' and eventTimestamp le '${new Date(Date.now() + 60_000).toISOString()}' and resourceGroupName eq '${group}'`;
    const query = new URLSearchParams({ 'api-version': '2015-04-01', $filter: filter });
    const subscription = await subscriptionId();
    return get(`/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values?${query}`);
  },
  /** The token itself: for the story's last look at a machine that is gone. */
  token: async () => credential.getToken(armScope),
  'token of': async (clientId) => {
    const token = await new ManagedIdentityCredential({ clientId: given(clientId) }).getToken(armScope);
    return claimsOf(token.token);
  },
  /** Lists the VMs of a group with a token read from standard input. */
  'vm list with token': async (subscription, group) => get(machinesOf(subscription, group), await text(process.stdin)),
  /** Lists the VMs of a group without looking for the subscription, which one without access does not see. */
  'vm list in': async (subscription, group) => get(machinesOf(subscription, group)),
};

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('An argument is missing.');
  return value;
}

async function roleNamed(client: AuthorizationManagementClient, scope: string, roleName: string): Promise<string> {
  for await (const { id } of client.roleDefinitions.list(scope, { filter: `roleName eq '${roleName}'` }))
    return given(id);
  throw new Error(`There is no role named '${roleName}'.`);
}

/** Lets one user of a machine have tokens of its identity, and nobody else. */
async function guardMachine(group: string | undefined, name: string | undefined, userName: string | undefined) {
  const { compute } = await clients();
  const [inGroup, user] = [given(group), given(userName)];
  await compute.galleries.createOrUpdate(inGroup, 'access', { location });
  await compute.galleryInVMAccessControlProfiles.createOrUpdate(inGroup, 'access', 'users', {
    location,
    properties: { osType: 'Linux', applicableHostEndpoint: 'IMDS' },
  });
  const version = await compute.galleryInVMAccessControlProfileVersions.createOrUpdate(
    inGroup,
    'access',
    'users',
    '1.0.0',
    {
      location,
      mode: 'Enforce',
      defaultAccess: 'Allow',
      rules: {
        privileges: [{ name: 'identity', path: '/metadata/identity' }],
        roles: [{ name: 'token-users', privileges: ['identity'] }],
        identities: [{ name: user, userName: user }],
        roleAssignments: [{ role: 'token-users', identities: [user] }],
      },
    },
  );
  const imds = { mode: 'Enforce', inVMAccessControlProfileReferenceId: given(version.id) };
  const securityProfile = { proxyAgentSettings: { enabled: true, imds } };
  await compute.virtualMachines.beginUpdateAndWait(inGroup, given(name), { securityProfile }, polling);
}

async function listSubscriptions(): Promise<readonly { subscriptionId?: string; displayName?: string }[]> {
  const found = [];
  for await (const { subscriptionId, displayName } of new SubscriptionClient(credential).subscriptions.list()) {
    found.push({ ...(subscriptionId && { subscriptionId }), ...(displayName && { displayName }) });
  }
  return found;
}

async function subscriptionId(): Promise<string> {
  const [first] = await listSubscriptions();
  if (first?.subscriptionId === undefined)
    throw new Error('No access was configured for this machine: it sees no subscription.');
  return first.subscriptionId;
}

async function clients() {
  const subscription = await subscriptionId();
  return {
    resources: new ResourceManagementClient(credential, subscription),
    compute: new ComputeManagementClient(credential, subscription),
    identities: new ManagedServiceIdentityClient(credential, subscription),
    authorization: new AuthorizationManagementClient(credential, subscription),
  };
}

async function names(items: AsyncIterable<{ name?: string | undefined }>): Promise<readonly (string | undefined)[]> {
  const found = [];
  for await (const item of items) found.push(item.name);
  return found;
}

/** A plain GET, for what the SDK packages in use do not cover. */
async function get(pathAndQuery: string, bearer?: string): Promise<unknown> {
  const token = bearer ?? (await credential.getToken(armScope)).token;
  const response = await fetch(`https://management.azure.com${pathAndQuery}`, {
    headers: { authorization: `Bearer ${token.trim()}` },
  });
  const body = (await response.json()) as { error?: { code: string; message: string } };
  if (!response.ok)
    throw Object.assign(new Error(body.error?.message), { code: body.error?.code, statusCode: response.status });
  return body;
}

function machinesOf(subscription: string | undefined, group: string | undefined): string {
  const path = `/subscriptions/${given(subscription)}/resourceGroups/${given(group)}`;
  return `${path}/providers/Microsoft.Compute/virtualMachines?api-version=2024-11-01`;
}

function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

function describeFailure(error: unknown): unknown {
  const { name, code, statusCode, message } = error as {
    name?: string;
    code?: string;
    statusCode?: number;
    message?: string;
  };
  return { name, code, statusCode, message };
}

const words = process.argv.slice(2);
const name = Object.keys(commands)
  .toSorted((a, b) => b.length - a.length)
  .find((candidate) => words.join(' ').startsWith(candidate));
try {
  const command = commands[name ?? ''];
  if (name === undefined || command === undefined) throw new Error(`There is no command '${words.join(' ')}'.`);
  const ok = await command(...words.slice(name.split(' ').length));
  console.log(JSON.stringify({ ok: ok ?? null }));
} catch (error) {
  console.log(JSON.stringify({ failed: describeFailure(error) }));
  process.exitCode = 1;
}
