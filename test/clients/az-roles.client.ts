import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, principalOf, servicePrincipalLogin } from './az-commands.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

const group = 'rg-roles';

interface Role {
  readonly id: string;
  readonly name: string;
  readonly roleName: string;
  readonly roleType: string;
  readonly description: string;
  readonly assignableScopes: readonly string[];
  readonly permissions: readonly { readonly actions: readonly string[] }[];
}

interface Assignment {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly roleDefinitionName: string;
  readonly description?: string;
}

let postern: RunningPostern;
let az: Az;
let subscription: string;
let scope: string;
const configuration = mkdtempSync(join(tmpdir(), 'postern-az-'));

before(async () => {
  postern = await startPostern();
  az = azOf(postern, configuration);
  servicePrincipalLogin(az, postern.environment);
  answerOf(az('group', 'create', '-n', group, '-l', 'eastus'));
  subscription = `/subscriptions/${postern.environment.subscriptionId}`;
  scope = `${subscription}/resourceGroups/${group}`;
});
after(async () => {
  await postern?.stop();
  rmSync(configuration, { recursive: true, force: true });
});

const role = (...words: readonly string[]) => answerOf(az('role', 'definition', ...words)) as Role;
const roles = (...words: readonly string[]) => answerOf(az('role', 'definition', 'list', ...words)) as readonly Role[];
const refusal = (...words: readonly string[]) => {
  const { status, stderr } = az(...words);
  assert.notEqual(status, 0, words.join(' '));
  return stderr;
};
const write = (name: string, value: unknown) => {
  const path = join(configuration, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};

describe('az 2.91.0: role definitions', () => {
  const wanted = () => ({
    Name: 'Machine Restarter',
    Description: 'Restarts machines.',
    Actions: ['Microsoft.Compute/*/read', 'Microsoft.Compute/virtualMachines/restart/action'],
    NotActions: [],
    DataActions: [],
    NotDataActions: [],
    AssignableScopes: [subscription],
  });
  let made: Role;

  it('az role definition create', () => {
    made = role('create', '--role-definition', write('role.json', wanted()));
    assert.deepEqual([made.roleName, made.roleType], ['Machine Restarter', 'CustomRole']);
    assert.deepEqual(made.assignableScopes, [subscription]);
    const again = refusal('role', 'definition', 'create', '--role-definition', write('role.json', wanted()));
    assert.match(again, /RoleDefinitionWithSameNameExists/);
    const nowhere = {
      ...wanted(),
      Name: 'Nowhere',
      AssignableScopes: [subscription, `${subscription}/resourceGroups/none`],
    };
    assert.match(
      refusal('role', 'definition', 'create', '--role-definition', write('n.json', nowhere)),
      /does not exist/,
    );
    const elsewhere = {
      ...wanted(),
      Name: 'E',
      AssignableScopes: ['/subscriptions/22222222-0000-0000-0000-000000000002'],
    };
    assert.match(
      refusal('role', 'definition', 'create', '--role-definition', write('e.json', elsewhere)),
      /SubscriptionNotFound|LinkedAuthorizationFailed/,
    );
  });

  it('az role definition list', () => {
    assert.ok(roles().length > 100);
    assert.deepEqual(
      roles('--custom-role-only').map(({ name }) => name),
      [made.name],
    );
    assert.equal(roles('--name', 'Machine Restarter')[0]?.id, made.id);
    assert.equal(roles('--name', made.name, '--scope', scope)[0]?.roleName, 'Machine Restarter');
    assert.equal(roles('--name', 'AcrPull')[0]?.name, '7f951dda-4ed3-4680-a7ca-43fe172d538d');
  });

  it('az role definition show', () => {
    assert.equal(role('show', '--id', made.id).roleName, 'Machine Restarter');
    assert.equal(role('show', '--scope', subscription, '--name', made.name).id, made.id);
  });

  it('az role definition update', () => {
    const changed = { ...role('show', '--id', made.id), description: 'Restarts and starts machines.' };
    const permissions = [
      { actions: ['Microsoft.Compute/virtualMachines/*/action'], notActions: [], dataActions: [], notDataActions: [] },
    ];
    const flat = { ...changed, permissions, actions: permissions[0]?.actions };
    const updated = role('update', '--role-definition', write('updated.json', flat));
    assert.equal(updated.name, made.name);
    assert.equal(updated.description, 'Restarts and starts machines.');
    const [reader] = roles('--name', 'Reader');
    const builtIn = refusal(
      'role',
      'definition',
      'update',
      '--role-definition',
      write('b.json', { ...reader, actions: ['*'], assignableScopes: [subscription] }),
    );
    assert.match(builtIn, /RoleDefinitionUpdateNotPermitted|built-in/);
  });

  it('postern roles import: what az role definition list printed', () => {
    const file = write('all.json', roles());
    assert.match(postern.postern('roles', 'import', file).stdout, /imported 0 built-in and 0 custom roles; 1\d\d were/);
  });

  it('az role definition delete', () => {
    const assigned = ['--assignee-object-id', principalOf(az), '--assignee-principal-type', 'ServicePrincipal'];
    answerOf(az('role', 'assignment', 'create', ...assigned, '--role', 'Machine Restarter', '--scope', scope));
    assert.match(
      refusal('role', 'definition', 'delete', '--name', 'Machine Restarter'),
      /RoleDefinitionHasAssignments/,
    );
    answerOf(az('role', 'assignment', 'delete', '--role', 'Machine Restarter', '--scope', scope));
    answerOf(az('role', 'definition', 'delete', '--name', 'Machine Restarter'));
    assert.deepEqual(roles('--custom-role-only'), []);
  });
});

describe('az 2.91.0: role assignments', () => {
  const create = (...words: readonly string[]) =>
    answerOf(az('role', 'assignment', 'create', '--scope', scope, ...words)) as Assignment;
  const list = (...words: readonly string[]) =>
    answerOf(az('role', 'assignment', 'list', ...words)) as readonly Assignment[];
  let app: { appId: string; id: string };
  let service: string;

  before(() => {
    app = answerOf(az('ad', 'app', 'create', '--display-name', 'caller')) as typeof app;
    const uri = `api://${app.appId}`;
    answerOf(az('ad', 'app', 'update', '--id', app.appId, '--identifier-uris', uri));
    service = (answerOf(az('ad', 'sp', 'create', '--id', app.appId)) as { id: string }).id;
  });

  it('az role assignment create --assignee appId', () => {
    const made = create('--assignee', app.appId, '--role', 'Reader');
    assert.deepEqual([made.principalId, made.principalType], [service, 'ServicePrincipal']);
  });

  it('az role assignment create --assignee objectId', () => {
    assert.equal(create('--assignee', service, '--role', 'AcrPull').principalId, service);
  });

  it('az role assignment create --assignee URI', () => {
    assert.equal(create('--assignee', `api://${app.appId}`, '--role', 'AcrPush').principalId, service);
  });

  it('az role assignment create --assignee-object-id', () => {
    assert.equal(create('--assignee-object-id', service, '--role', 'Tag Contributor').principalId, service);
  });

  it('az role assignment create --assignee-object-id --assignee-principal-type', () => {
    const typed = ['--assignee-object-id', service, '--assignee-principal-type'];
    assert.equal(create(...typed, 'ServicePrincipal', '--role', 'Key Vault Reader').principalType, 'ServicePrincipal');
    const wrong = refusal('role', 'assignment', 'create', '--scope', scope, ...typed, 'User', '--role', 'AcrDelete');
    assert.match(wrong, /UnmatchedPrincipalType/);
  });

  it('az role assignment create: for a group', () => {
    const team = answerOf(az('ad', 'group', 'create', '--display-name', 'team', '--mail-nickname', 'team')) as {
      id: string;
    };
    answerOf(az('ad', 'group', 'member', 'add', '--group', 'team', '--member-id', service));
    const made = create('--assignee', team.id, '--role', 'Security Reader');
    assert.equal(made.principalType, 'Group');
    const named = (words: readonly string[]) =>
      list('--assignee', service, '--scope', scope, ...words).map(({ roleDefinitionName }) => roleDefinitionName);
    assert.ok(named(['--include-groups']).includes('Security Reader'));
    assert.ok(!named([]).includes('Security Reader'));
  });

  it('az role assignment create: refused with a condition that names what there is not', () => {
    const condition = [
      '--condition',
      "(@Resource[Microsoft.ServiceBus/namespaces/queues:Name] StringEquals 'a')",
      '--condition-version',
      '2.0',
    ];
    const wrong = refusal(
      'role',
      'assignment',
      'create',
      '--scope',
      scope,
      '--assignee-object-id',
      service,
      '--role',
      'AcrDelete',
      ...condition,
    );
    assert.match(wrong, /InvalidRoleAssignmentCondition.*At position 2: there is no attribute/);
  });

  it('az role assignment update', () => {
    const [made] = list('--assignee', service, '--scope', scope, '--role', 'Reader');
    const file = write('assignment.json', { ...made, description: 'for reading' });
    const updated = answerOf(az('role', 'assignment', 'update', '--role-assignment', file)) as Assignment;
    assert.deepEqual([updated.id, updated.description], [made?.id, 'for reading']);
  });

  it('az role assignment list --all', () => {
    const all = list('--all');
    assert.ok(all.length >= 7);
    assert.ok(all.some((one) => one.scope === subscription) && all.some((one) => one.scope === scope));
    assert.equal(list('--all', '--assignee', service).length, 5);
  });

  it('az role assignment list --include-inherited', () => {
    const own = list('--scope', scope);
    const inherited = list('--scope', scope, '--include-inherited');
    assert.ok(own.every((one) => one.scope === scope));
    assert.ok(inherited.length > own.length && inherited.some((one) => one.scope === subscription));
  });

  it('az role assignment list --resource-group', () => {
    assert.equal(list('-g', group).length, list('--scope', scope).length);
  });

  it('az role assignment delete', () => {
    const [first] = list('--assignee', service, '--scope', scope, '--role', 'AcrPull');
    answerOf(az('role', 'assignment', 'delete', '--ids', first?.id ?? ''));
    answerOf(az('role', 'assignment', 'delete', '--assignee', app.appId, '--scope', scope, '--role', 'AcrPush'));
    answerOf(az('role', 'assignment', 'delete', '--assignee', service, '--scope', scope));
    assert.deepEqual(list('--assignee', service, '--scope', scope), []);
  });

  it('az role assignment list-changelogs', () => {
    const changes = answerOf(az('role', 'assignment', 'list-changelogs')) as readonly {
      readonly action: string;
      readonly principalId: string;
      readonly roleName: string;
      readonly scope: string;
    }[];
    const ofPull = changes.filter((one) => one.principalId === service && one.roleName === 'AcrPull');
    assert.deepEqual(ofPull.map(({ action }) => action).toSorted(), ['Granted', 'Revoked']);
    assert.ok(ofPull.every((one) => one.scope.toLowerCase() === scope.toLowerCase()));
  });
});

describe('az 2.91.0: what else Microsoft.Authorization answers', () => {
  it('az role deny-assignment list', () => {
    assert.deepEqual(answerOf(az('role', 'deny-assignment', 'list')), []);
    assert.deepEqual(answerOf(az('role', 'deny-assignment', 'list', '--scope', scope, '--filter', 'atScope()')), []);
  });

  it('az provider operation show', () => {
    const shown = answerOf(az('provider', 'operation', 'show', '--namespace', 'Microsoft.Compute')) as {
      resourceTypes: { name: string; operations: { name: string }[] }[];
    };
    const machines = shown.resourceTypes.find(({ name }) => name === 'virtualMachines');
    assert.ok(machines?.operations.some(({ name }) => name === 'Microsoft.Compute/virtualMachines/restart/action'));
  });

  it('az provider operation list', () => {
    assert.ok((answerOf(az('provider', 'operation', 'list')) as unknown[]).length > 50);
  });

  it('az rest --url /providers/Microsoft.Authorization/elevateAccess', () => {
    const atRoot = () => answerOf(az('role', 'assignment', 'list', '--scope', '/')) as readonly Assignment[];
    assert.notEqual(az('role', 'assignment', 'list', '--scope', '/').status, 0);
    answerOf(
      az(
        'rest',
        '--method',
        'post',
        '--url',
        '/providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01',
      ),
    );
    const [made] = atRoot();
    assert.equal(made?.roleDefinitionName, 'User Access Administrator');
    answerOf(
      az(
        'role',
        'assignment',
        'delete',
        '--assignee',
        principalOf(az),
        '--role',
        'User Access Administrator',
        '--scope',
        '/',
      ),
    );
  });
});
