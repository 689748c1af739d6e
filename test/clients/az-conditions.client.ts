import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, servicePrincipalLogin } from './az-commands.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
const accessAdministrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168';
const attribute = 'Microsoft.Authorization/roleAssignments';

/** As Azure's documentation prints it: only Reader, only to service principals, given and taken. */
const delegation = [
  `((!(ActionMatches{'${attribute}/write'})) OR (@Request[${attribute}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${reader}} AND @Request[${attribute}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`,
  `((!(ActionMatches{'${attribute}/delete'})) OR (@Resource[${attribute}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${reader}} AND @Resource[${attribute}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`,
].join(' AND ');

interface Assignment {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly principalId: string;
  readonly condition?: string;
  readonly conditionVersion?: string;
  readonly description?: string;
}

let postern: RunningPostern;
let az: Az;
let delegate: Az;
let delegateId: string;
let machine: string;
let scope: string;
const folders: string[] = [];

before(async () => {
  postern = await startPostern();
  az = configured();
  servicePrincipalLogin(az, postern.environment);
  answerOf(az('group', 'create', '-n', 'rg-conditions', '-l', 'eastus'));
  scope = `/subscriptions/${postern.environment.subscriptionId}/resourceGroups/rg-conditions`;
  machine = (answerOf(az('identity', 'create', '-g', 'rg-conditions', '-n', 'deploy')) as { principalId: string })
    .principalId;
  const made = answerOf(az('ad', 'sp', 'create-for-rbac', '--name', 'delegate')) as {
    readonly appId: string;
    readonly password: string;
    readonly tenant: string;
  };
  delegateId = (answerOf(az('ad', 'sp', 'show', '--id', made.appId)) as { id: string }).id;
  answerOf(assign(az, accessAdministrator, delegateId, '--condition', delegation, '--condition-version', '2.0'));
  delegate = configured();
  const login = ['login', '--service-principal', '--username', made.appId, '--tenant', made.tenant];
  answerOf(delegate(...login, '--password', made.password));
});
after(async () => {
  await postern?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An `az` with a configuration of its own that knows the cloud. */
function configured(): Az {
  const folder = mkdtempSync(join(tmpdir(), 'postern-az-'));
  folders.push(folder);
  return azOf(postern, folder);
}

function assign(by: Az, role: string, principalId: string, ...more: readonly string[]) {
  const whom = ['--assignee-object-id', principalId, '--assignee-principal-type', 'ServicePrincipal'];
  return by('role', 'assignment', 'create', '--role', role, '--scope', scope, ...whom, ...more);
}

function list(): readonly Assignment[] {
  return answerOf(az('role', 'assignment', 'list', '--scope', scope)) as readonly Assignment[];
}

const notFulfilled =
  /AuthorizationFailed.*does not have authorization or an ABAC condition not fulfilled to perform action/;

describe('az 2.91.0: role assignments with conditions', () => {
  it('az role assignment create --condition … --condition-version 2.0, az role assignment list', () => {
    const [stored] = list().filter(({ principalId }) => principalId === delegateId);
    assert.deepEqual([stored?.condition, stored?.conditionVersion], [delegation, '2.0']);
  });

  it('az role assignment create, by a delegate whose condition names the role and the type of principal', () => {
    const made = answerOf(assign(delegate, reader, machine)) as Assignment;
    assert.match(made.id, /roleAssignments/);
    assert.match(assign(delegate, contributor, machine).stderr, notFulfilled);
    assert.match(assign(delegate, accessAdministrator, delegateId).stderr, notFulfilled);
  });

  it('az role assignment delete, by a delegate whose condition names the role', () => {
    const other = answerOf(assign(az, contributor, machine)) as Assignment;
    assert.match(delegate('role', 'assignment', 'delete', '--ids', other.id).stderr, notFulfilled);
    const whom = ['--assignee-object-id', machine, '--scope', scope];
    answerOf(delegate('role', 'assignment', 'delete', ...whom, '--role', reader));
    assert.deepEqual(
      list().flatMap(({ id }) => (id === other.id ? ['left'] : [])),
      ['left'],
    );
  });

  it('az role assignment update --role-assignment, in place of a condition and by whom it binds', () => {
    const [stored] = list().filter(({ principalId }) => principalId === delegateId);
    const freed = JSON.stringify({ ...stored, condition: "ActionMatches{'*'}" });
    assert.match(delegate('role', 'assignment', 'update', '--role-assignment', freed).stderr, notFulfilled);
    const wider = delegation.replaceAll(`{${reader}}`, `{${reader}, ${contributor}}`);
    const updated = { ...stored, condition: wider, description: 'two roles' };
    const answered = answerOf(az('role', 'assignment', 'update', '--role-assignment', JSON.stringify(updated)));
    assert.deepEqual([(answered as Assignment).condition, (answered as Assignment).description], [wider, 'two roles']);
    const whom = ['--assignee-object-id', machine, '--scope', scope, '--role', contributor];
    answerOf(delegate('role', 'assignment', 'delete', ...whom));
    answerOf(assign(delegate, contributor, machine));
    answerOf(delegate('role', 'assignment', 'delete', ...whom));
  });

  it('az role assignment create --condition, refused with the position for what is no condition', () => {
    const refused = (condition: string) => assign(az, reader, machine, '--condition', condition).stderr;
    assert.match(
      refused("@Resource[Microsoft.ServiceBus/namespaces/queues:Name] stringEquals 'foo'"),
      /InvalidRoleAssignmentCondition.*The given role assignment condition is invalid\. At position 1: there is no attribute/,
    );
    assert.match(refused("(ActionMatches{'*'}"), /At position 20: AND, OR or '\)' is expected, not the end/);
  });

  it('az role assignment create --condition @Environment[UtcNow], which ends by itself', () => {
    const ended = "@Environment[UtcNow] DateTimeLessThan '2020-01-01T00:00:00Z'";
    const made = answerOf(assign(az, reader, machine, '--condition', ended)) as Assignment;
    const action = 'Microsoft.Resources/subscriptions/resourceGroups/read';
    const why = postern.postern('access', 'why', '--principal', machine, '--action', action, '--scope', scope);
    assert.equal(why.status, 5);
    assert.match(why.stdout, /its condition does not hold: @Environment\[UtcNow\] DateTimeLessThan '2020.*' is false/);
    answerOf(az('role', 'assignment', 'delete', '--ids', made.id));
  });
});
