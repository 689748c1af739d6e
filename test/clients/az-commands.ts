import assert from 'node:assert/strict';
import type { ClientEnvironment, ProgramResult } from './running-postern.ts';

/** Runs `az` somewhere with some words. */
export type Az = (...words: readonly string[]) => ProgramResult;

/** Runs `az` and answers what it printed, parsed; fails the test with az's own words when it refused. */
export function answerOf(result: ProgramResult): unknown {
  assert.equal(result.status, 0, `az refused: ${result.stderr}${result.stdout}`);
  return result.stdout.trim() === '' ? undefined : JSON.parse(result.stdout);
}

/** The part of an ARM resource that the tests read. */
export interface Resource {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly principalId: string;
  readonly clientId: string;
  readonly provisioningState: string;
  readonly properties: { readonly provisioningState: string };
}

/** What a walk through the management commands works on. */
export interface Place {
  readonly subscriptionId: string;
  readonly group: string;
}

/** `login --service-principal` with a wrong secret and with the right one. */
export function servicePrincipalLogin(
  az: Az,
  { tenantId, clientId, clientSecret, subscriptionId }: ClientEnvironment,
): void {
  const login = ['login', '--service-principal', '--username', clientId, '--tenant', tenantId, '--password'];
  // First the wrong one: az keeps a token that it has got, and would not ask again.
  const wrong = az(...login, `${clientSecret}x`);
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.stderr, /AADSTS7000215/);
  const [account] = answerOf(az(...login, clientSecret)) as { id: string }[];
  assert.equal(account?.id, subscriptionId);
}

/** The object id of who is logged in, by its token. */
export function principalOf(az: Az): string {
  const { accessToken } = answerOf(az('account', 'get-access-token')) as { accessToken: string };
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).oid;
}

/** `group`: create, list, show, exists. */
export function groupCommands(az: Az, { group }: Place): void {
  assert.equal(answerOf(az('group', 'exists', '-n', group)), false);
  const created = answerOf(az('group', 'create', '-n', group, '-l', 'westeurope')) as Resource;
  assert.equal(created.name, group);
  assert.equal(created.properties.provisioningState, 'Succeeded');
  assert.equal(answerOf(az('group', 'exists', '-n', group)), true);
  const listed = answerOf(az('group', 'list')) as Resource[];
  assert.ok(listed.some(({ name }) => name === group));
  const shown = answerOf(az('group', 'show', '-n', group)) as Resource;
  assert.equal(shown.id, created.id);
}

/** `vm`: list, show, deallocate, start, restart, on a machine made through `rest`. */
export function vmCommands(az: Az, { group, subscriptionId }: Place, vm: string): void {
  const url = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${vm}`;
  answerOf(
    az('rest', '--method', 'put', '--url', `${url}?api-version=2024-11-01`, '--body', '{"location":"westeurope"}'),
  );
  answerOf(az('vm', 'wait', '-g', group, '-n', vm, '--created', '--interval', '1'));
  const names = (answerOf(az('vm', 'list', '-g', group)) as Resource[]).map(({ name }) => name);
  assert.deepEqual(names, [vm]);
  assert.equal(powerState(az, group, vm), 'VM running');
  answerOf(az('vm', 'deallocate', '-g', group, '-n', vm));
  assert.equal(powerState(az, group, vm), 'VM deallocated');
  answerOf(az('vm', 'start', '-g', group, '-n', vm));
  assert.equal(powerState(az, group, vm), 'VM running');
  answerOf(az('vm', 'restart', '-g', group, '-n', vm));
  assert.equal(powerState(az, group, vm), 'VM running');
}

function powerState(az: Az, group: string, vm: string): string {
  return (answerOf(az('vm', 'show', '-d', '-g', group, '-n', vm)) as { powerState: string }).powerState;
}

interface VmIdentity {
  readonly type: string;
  readonly principalId?: string;
  readonly systemAssignedIdentity?: string;
  readonly userAssignedIdentities?: Readonly<
    Record<string, { readonly principalId: string; readonly clientId: string }>
  > | null;
}

/** `identity`: create, list; `vm identity`: assign, show, remove, system and user. Answers the user-assigned identity. */
export function identityCommands(az: Az, { group }: Place, vm: string): Resource {
  const created = answerOf(az('identity', 'create', '-g', group, '-n', 'shared')) as Resource;
  assert.match(created.principalId, /^[0-9a-f-]{36}$/);
  const listed = answerOf(az('identity', 'list', '-g', group)) as Resource[];
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['shared'],
  );

  const system = answerOf(az('vm', 'identity', 'assign', '-g', group, '-n', vm)) as VmIdentity;
  assert.match(system.systemAssignedIdentity ?? '', /^[0-9a-f-]{36}$/);
  answerOf(az('vm', 'identity', 'assign', '-g', group, '-n', vm, '--identities', created.id));
  const both = answerOf(az('vm', 'identity', 'show', '-g', group, '-n', vm)) as VmIdentity;
  assert.equal(both.type, 'SystemAssigned, UserAssigned');
  assert.equal(both.principalId, system.systemAssignedIdentity);
  assert.deepEqual(
    Object.values(both.userAssignedIdentities ?? {}).map(({ clientId }) => clientId),
    [created.clientId],
  );

  answerOf(az('vm', 'identity', 'remove', '-g', group, '-n', vm, '--identities', created.id));
  const one = answerOf(az('vm', 'identity', 'show', '-g', group, '-n', vm)) as VmIdentity;
  assert.equal(one.type, 'SystemAssigned');
  answerOf(az('vm', 'identity', 'remove', '-g', group, '-n', vm));
  const none = answerOf(az('vm', 'identity', 'show', '-g', group, '-n', vm)) as VmIdentity | undefined;
  assert.ok(none === undefined || none === null || none.type === 'None', JSON.stringify(none));
  return created;
}

interface RoleAssignment {
  readonly id: string;
  readonly scope: string;
  readonly principalId: string;
  readonly roleDefinitionName: string;
}

/** `role assignment`: create (by object id, by client id through Graph), list, delete; `role definition list`. */
export function roleCommands(az: Az, { group, subscriptionId }: Place, identity: Resource): void {
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const [reader] = answerOf(az('role', 'definition', 'list', '--name', 'Reader')) as {
    name: string;
    roleName: string;
  }[];
  assert.equal(reader?.name, 'acdd72a7-3385-48ef-bd42-f606fba81ae7');
  const all = answerOf(az('role', 'definition', 'list')) as { roleName: string }[];
  assert.ok(all.length >= 8 && all.some(({ roleName }) => roleName === 'Virtual Machine Contributor'));

  const byObjectId = ['--assignee-object-id', identity.principalId, '--assignee-principal-type', 'ServicePrincipal'];
  const first = answerOf(
    az('role', 'assignment', 'create', ...byObjectId, '--role', 'Reader', '--scope', scope),
  ) as RoleAssignment;
  assert.equal(first.principalId, identity.principalId);
  const again = answerOf(
    az('role', 'assignment', 'create', ...byObjectId, '--role', 'Reader', '--scope', scope),
  ) as RoleAssignment;
  assert.equal(again.id, first.id, 'a second create with the same triple finds the first');
  const role = 'Virtual Machine Contributor';
  answerOf(az('role', 'assignment', 'create', '--assignee', identity.clientId, '--role', role, '--scope', scope));

  const listed = answerOf(
    az('role', 'assignment', 'list', '--assignee', identity.principalId, '--scope', scope),
  ) as RoleAssignment[];
  assert.deepEqual(listed.map(({ roleDefinitionName }) => roleDefinitionName).toSorted(), ['Reader', role]);
  answerOf(az('role', 'assignment', 'delete', '--ids', first.id));
  answerOf(az('role', 'assignment', 'delete', '--assignee', identity.principalId, '--role', role, '--scope', scope));
  const left = answerOf(
    az('role', 'assignment', 'list', '--assignee', identity.principalId, '--scope', scope),
  ) as RoleAssignment[];
  assert.deepEqual(left, []);
}

interface LoggedEvent {
  readonly caller: string;
  readonly operationName: { readonly value: string };
  readonly status: { readonly value: string };
}

/** `monitor activity-log list`: what the caller has done in the group. */
export function activityLogCommands(az: Az, { group }: Place, caller: string): void {
  const events = answerOf(az('monitor', 'activity-log', 'list', '-g', group, '--max-events', '500')) as LoggedEvent[];
  const done = events
    .filter(({ status }) => status.value === 'Succeeded')
    .map(({ operationName }) => operationName.value.toLowerCase());
  for (const operation of [
    'virtualmachines/restart/action',
    'virtualmachines/deallocate/action',
    'roleassignments/write',
    'roleassignments/delete',
  ]) {
    assert.ok(
      done.some((name) => name.endsWith(operation)),
      `${operation} is in the log`,
    );
  }
  assert.deepEqual([...new Set(events.map((event) => event.caller))], [caller]);
}

/** `identity delete` and `group delete`: everything goes. */
export function deleteCommands(az: Az, { group }: Place): void {
  answerOf(az('identity', 'delete', '-g', group, '-n', 'shared'));
  assert.deepEqual(answerOf(az('identity', 'list', '-g', group)), []);
  answerOf(az('group', 'delete', '-n', group, '--yes'));
  assert.equal(answerOf(az('group', 'exists', '-n', group)), false);
}
