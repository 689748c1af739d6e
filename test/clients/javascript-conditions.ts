/**
 * Runs outside the machines: an administrator delegates role assignments under a condition, and the delegate tries its reach.
 * Reads its place from standard input and prints what it saw.
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
const identityOptions = { authorityHost: origin, disableInstanceDiscovery: true };
const options = {
  endpoint: origin,
  credentials: { scopes: [`${origin}/.default`] },
  credentialScopes: `${origin}/.default`,
};
const administrator = new ClientSecretCredential(tenantId, clientId, clientSecret, identityOptions);
const authorization = new AuthorizationManagementClient(administrator, subscriptionId, options);
const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
const idOf = (role: string) =>
  `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
const [reader, contributor] = ['acdd72a7-3385-48ef-bd42-f606fba81ae7', 'b24988ac-6180-42a0-ab88-20f7382dd24c'];
const accessAdministrator = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';
const seen: Record<string, unknown> = {};

await new ResourceManagementClient(administrator, subscriptionId, options).resourceGroups.createOrUpdate(group, {
  location: 'westeurope',
});
const msi = new ManagedServiceIdentityClient(administrator, subscriptionId, options);
const { principalId = '' } = await msi.userAssignedIdentities.createOrUpdate(group, 'shared', {
  location: 'westeurope',
});
const delegate = await makeDelegate();

const type = 'Microsoft.Authorization/roleAssignments';
const condition = `((!(ActionMatches{'${type}/write'})) OR (@Request[${type}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${reader}})) AND ((!(ActionMatches{'${type}/delete'})) OR (@Resource[${type}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${reader}}))`;
const name = randomUUID();
const delegation = {
  roleDefinitionId: idOf(accessAdministrator),
  principalId: delegate.objectId,
  principalType: 'ServicePrincipal',
};
const made = await authorization.roleAssignments.create(scope, name, {
  ...delegation,
  condition,
  conditionVersion: '2.0',
});
const shown = await authorization.roleAssignments.get(scope, name);
const listed: (string | undefined)[] = [];
for await (const one of authorization.roleAssignments.listForScope(scope, { filter: 'atScope()' })) {
  if (one.name === name) listed.push(one.condition);
}
seen['conditions'] = [made.condition, shown.condition, ...listed].map((one) => one === condition);
seen['version'] = shown.conditionVersion;

const theirs = new AuthorizationManagementClient(delegate.credential, subscriptionId, options);
const assign = (role: string) => ({ roleDefinitionId: idOf(role), principalId, principalType: 'ServicePrincipal' });
const given = randomUUID();
seen['given'] = (await theirs.roleAssignments.create(scope, given, assign(reader))).principalId === principalId;
seen['tooMuch'] = await failureOf(theirs.roleAssignments.create(scope, randomUUID(), assign(contributor)));
seen['ownFreed'] = await failureOf(theirs.roleAssignments.create(scope, name, delegation));
const foreign = randomUUID();
await authorization.roleAssignments.create(scope, foreign, assign(contributor));
seen['notTaken'] = await failureOf(theirs.roleAssignments.delete(scope, foreign));
await theirs.roleAssignments.delete(scope, given);
seen['taken'] = await failureOf(authorization.roleAssignments.get(scope, given));
const requestedBy = { ...assign(contributor), requestType: 'AdminAssign' };
seen['scheduledTooMuch'] = await failureOf(
  theirs.roleAssignmentScheduleRequests.create(scope, randomUUID(), requestedBy),
);
const scheduled = { ...requestedBy, roleDefinitionId: idOf(reader) };
seen['scheduled'] = (await theirs.roleAssignmentScheduleRequests.create(scope, randomUUID(), scheduled)).status;
const nested = (depth: number) => `${'('.repeat(depth)}ActionMatches{'*'}${')'.repeat(depth)}`;
const ill = {
  unknown: "(@Request[a:b] StringEquals 'c'",
  open: "(ActionMatches{'*'}",
  closed: "ActionMatches{'*'})",
  deep: nested(3000),
  long: nested(300_000),
};
for (const [name, text] of Object.entries(ill)) {
  const body = { ...assign(reader), condition: text, conditionVersion: '2.0' };
  seen[name] = await failureOf(authorization.roleAssignments.create(scope, randomUUID(), body));
}
console.log(JSON.stringify(seen));

/** A service principal with a secret, made through Microsoft Graph. */
async function makeDelegate() {
  const { token } = await administrator.getToken('https://graph.microsoft.com/.default');
  const post = async (path: string, body: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${origin}/v1.0/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as { readonly id: string; readonly appId: string; readonly secretText: string };
  };
  const application = await post('applications', { displayName: 'delegate' });
  const principal = await post('servicePrincipals', { appId: application.appId });
  const { secretText } = await post(`applications/${application.id}/addPassword`, {});
  const credential = new ClientSecretCredential(tenantId, application.appId, secretText, identityOptions);
  return { objectId: principal.id, credential };
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing failed';
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    return `${code}: ${message}`;
  }
}
