import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, servicePrincipalLogin } from './az-commands.ts';
import { azProgram, pythonFolder } from './az-installation.ts';
import { azOf } from './az-outside.ts';
import { type ProgramResult, type RunningPostern, startPostern } from './running-postern.ts';

const group = 'rg-users';
const profile = ['--resource-group', group, '--gallery-name', 'gal', '--profile-name', 'web'];
const settings = ['AZURE_CORE_COLLECT_TELEMETRY=0', 'AZURE_CORE_ONLY_SHOW_ERRORS=1'];

/** Nobody but a group's members gets a token of any identity. */
const rulesFor = (groupName: string) =>
  JSON.stringify({
    privileges: [{ name: 'identity', path: '/metadata/identity' }],
    roles: [{ name: 'holders', privileges: ['identity'] }],
    identities: [{ name: groupName, 'group-name': groupName }],
    'role-assignments': [{ role: 'holders', identities: [groupName] }],
  });

interface SignIn {
  readonly time: number;
  readonly outcome: string;
  readonly uti?: string;
  readonly user?: { readonly userName: string; readonly groupNames: readonly string[] };
  readonly access?: { readonly mode: string; readonly rule: string };
}

describe('az 2.91.0: two users of one machine under Enforce, side by side', () => {
  let postern: RunningPostern;
  let az: Az;
  const folder = mkdtempSync(join(tmpdir(), 'postern-az-'));

  /** Both at one time, each by an az of its own. */
  const both = async (...words: readonly string[]): Promise<readonly [ProgramResult, ProgramResult]> => {
    const argv = ['env', ...settings, azProgram, ...words, '--output', 'json'];
    return Promise.all([postern.beside('web-1', argv, 'alice'), postern.beside('web-1', argv, 'bob')]);
  };
  const signInsOf = (user: string, ...words: readonly string[]): readonly SignIn[] => {
    const { stdout } = postern.postern('log', 'signins', '--vm', 'web-1', '--user', user, '--json', ...words);
    return (JSON.parse(stdout) as { readonly signIns: readonly SignIn[] }).signIns;
  };
  const publish = (version: string, groupName: string) => {
    const words = ['--mode', 'Enforce', '--default-access', 'Allow', '--location', 'eastus'];
    const target = [...profile, '--profile-version', version, ...words, '--rules', rulesFor(groupName)];
    return answerOf(az('sig', 'in-vm-access-control-profile-version', 'create', ...target)) as { readonly id: string };
  };

  before(async () => {
    postern = await startPostern([pythonFolder()]);
    az = azOf(postern, folder);
    servicePrincipalLogin(az, postern.environment);
    const { subscriptionId } = postern.environment;
    const scope = (answerOf(az('group', 'create', '-n', group, '-l', 'eastus')) as { readonly id: string }).id;
    answerOf(az('sig', 'create', '-g', group, '--gallery-name', 'gal'));
    const kind = ['--os-type', 'Linux', '--applicable-host-endpoint', 'IMDS', '--location', 'eastus'];
    const itself = ['--resource-group', group, '--gallery-name', 'gal', '--name', 'web'];
    answerOf(az('sig', 'in-vm-access-control-profile', 'create', ...itself, ...kind));
    const { id } = publish('1.0.0', 'deploy');
    const machine = `${scope}/providers/Microsoft.Compute/virtualMachines/web-1?api-version=2024-11-01`;
    const body = {
      location: 'eastus',
      identity: { type: 'SystemAssigned' },
      tags: { 'postern-users': 'alice bob', 'postern-groups': 'deploy=alice guests=bob' },
    };
    const words = ['--method', 'put', '--url', machine, '--body', JSON.stringify(body)];
    const made = answerOf(az('rest', ...words)) as { readonly identity: { readonly principalId: string } };
    answerOf(az('vm', 'wait', '-g', group, '-n', 'web-1', '--created', '--interval', '1'));
    const reference = ['--imds-access-control-profile-reference-id', id.replace(/\/versions\/.*/, '')];
    answerOf(az('vm', 'update', '-g', group, '-n', 'web-1', '--enable-proxy-agent', 'true', ...reference));
    const assignee = [
      '--assignee-object-id',
      made.identity.principalId,
      '--assignee-principal-type',
      'ServicePrincipal',
    ];
    const reader = ['--role', 'Reader', '--scope', `/subscriptions/${subscriptionId}`];
    answerOf(az('role', 'assignment', 'create', ...assignee, ...reader));
  });
  after(async () => {
    await postern?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('az login --identity: one is let in, the other told who denies it and whom to ask', async () => {
    const [alice, bob] = await both('login', '--identity');
    assert.equal(alice.status, 0, alice.stderr);
    assert.notEqual(bob.status, 0);
    assert.match(bob.stderr, /user 'bob' .* is denied .* of the machine 'web-1'.*Ask whoever administers/s);
  });

  it('postern log signins tells them apart', () => {
    const [alice, bob] = [signInsOf('alice'), signInsOf('bob')];
    assert.ok(alice.some(({ outcome, uti }) => outcome === 'issued' && uti !== undefined));
    assert.ok(alice.every(({ outcome }) => outcome === 'issued' || outcome === 'handedOver'));
    assert.deepEqual(alice[0]?.user?.groupNames, ['alice', 'deploy']);
    assert.ok(bob.length > 0 && bob.every(({ outcome, uti }) => outcome === 'denied' && uti === undefined));
    assert.deepEqual(
      [bob[0]?.access?.mode, bob[0]?.access?.rule],
      ['Enforce', "privilege 'identity' needs a role that 'bob' lacks"],
    );
    const times = (signIns: readonly SignIn[]) => signIns.map(({ time }) => time);
    const apart = Math.abs(Math.min(...times(alice)) - Math.min(...times(bob)));
    assert.ok(apart < 20_000, `they asked ${apart} ms apart`);
  });

  it('az group list: only the one who was let in can go on', async () => {
    const [alice, bob] = await both('group', 'list');
    assert.deepEqual((answerOf(alice) as { readonly name: string }[]).map(({ name }) => name).includes(group), true);
    assert.notEqual(bob.status, 0);
    assert.match(bob.stderr, /az login/);
  });

  it('a new version of the profile turns it round at once', async () => {
    publish('1.1.0', 'guests');
    const [alice, bob] = await both('login', '--identity');
    assert.notEqual(alice.status, 0);
    assert.match(alice.stderr, /user 'alice' .* is denied/);
    assert.equal(bob.status, 0, bob.stderr);
    const utis = (user: string) => signInsOf(user).flatMap(({ uti }) => (uti === undefined ? [] : [uti]));
    assert.deepEqual(
      utis('bob').filter((uti) => utis('alice').includes(uti)),
      [],
    );
    assert.equal(signInsOf('alice', '--outcome', 'denied').length > 0, true);
  });

  it('postern access explain says the same of both', () => {
    const decided = (user: string) =>
      postern.postern('access', 'explain', '--vm', 'web-1', '--user', user).stdout.split(':')[0];
    assert.deepEqual([decided('alice'), decided('bob')], ['denied', 'allowed']);
  });
});
