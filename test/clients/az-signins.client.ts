import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Az, answerOf, servicePrincipalLogin } from './az-commands.ts';
import { azProgram, pythonFolder } from './az-installation.ts';
import { azOf } from './az-outside.ts';
import { type RunningPostern, startPostern } from './running-postern.ts';

interface SignIn {
  readonly id: string;
  readonly createdDateTime: string;
  readonly servicePrincipalId: string;
  readonly resourceDisplayName: string;
  readonly uniqueTokenIdentifier: string;
  readonly signInEventTypes: readonly string[];
  readonly status: { readonly errorCode: number };
  readonly posternActor?: { readonly userName: string; readonly uid: number };
}

interface SignIns {
  readonly value: readonly SignIn[];
  readonly '@odata.nextLink'?: string;
}

describe('az 2.91.0: sign-ins of two users of one machine', () => {
  let postern: RunningPostern;
  let outside: Az;
  let folder = '';
  let streamed = '';

  /** az as a user of the console, each with its own configuration. */
  const inside =
    (user: string): Az =>
    (...words) => {
      const env = ['env', 'AZURE_CORE_COLLECT_TELEMETRY=0', 'AZURE_CORE_ONLY_SHOW_ERRORS=1'];
      return postern.inside('console', [...env, azProgram, ...words, '--output', 'json'], { user });
    };
  const rest = (...words: readonly string[]) => {
    const { origin } = postern.environment;
    return answerOf(outside('rest', '--resource', `${origin}/`, ...words));
  };
  const signIns = (query: string) => {
    const url = `${postern.environment.origin}/beta/auditLogs/signIns?${query}`;
    return rest('--url', url) as SignIns;
  };
  const logged = <Answer>(...words: readonly string[]): Answer => {
    const { status, stdout, stderr } = postern.postern('log', ...words, '--json');
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as Answer;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'postern-az-'));
    streamed = join(folder, 'sign-ins.jsonl');
    postern = await startPostern([pythonFolder()], ['--log-jsonl', streamed]);
    outside = azOf(postern, folder);
    servicePrincipalLogin(outside, postern.environment);
    for (const user of ['azureuser', 'root']) answerOf(inside(user)('login', '--identity'));
    answerOf(inside('azureuser')('group', 'create', '-n', 'of-azureuser', '-l', 'westeurope'));
  });
  after(async () => {
    await postern?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("az rest --url …/auditLogs/signIns?$filter=signInEventTypes/any(t: t eq 'managedIdentity')", () => {
    const { value } = signIns("$filter=signInEventTypes/any(t: t eq 'managedIdentity')");
    const users = new Set(value.map(({ posternActor }) => posternActor?.userName));
    assert.deepEqual([...users].toSorted(), ['azureuser', 'root']);
    assert.ok(value.every(({ status }) => status.errorCode === 0));
    const tokens = (user: string) =>
      new Set(
        value.filter(({ posternActor }) => posternActor?.userName === user).map((one) => one.uniqueTokenIdentifier),
      );
    assert.deepEqual(
      [...tokens('root')].filter((uti) => tokens('azureuser').has(uti)),
      [],
    );
  });

  it('az rest --url …/auditLogs/signIns with createdDateTime, servicePrincipalId, $top and the next page', () => {
    const all = signIns('').value;
    const [newest] = all;
    assert.ok(newest);
    assert.equal(newest.resourceDisplayName, 'Windows Azure Service Management API');
    const own = `servicePrincipalId eq '${newest.servicePrincipalId}'`;
    assert.equal(signIns(`$filter=createdDateTime ge 2020-01-01T00:00:00Z and ${own}`).value.length, all.length);
    assert.equal(signIns(`$filter=createdDateTime le 2020-01-01T00:00:00Z and ${own}`).value.length, 0);
    const first = signIns('$top=1&$orderby=createdDateTime desc');
    assert.deepEqual(
      first.value.map(({ id }) => id),
      [newest.id],
    );
    const second = rest('--url', String(first['@odata.nextLink'])) as SignIns;
    assert.deepEqual(
      second.value.map(({ id }) => id),
      [all[1]?.id],
    );
  });

  it('az rest --url …/auditLogs/signIns/{id}', () => {
    const [newest] = signIns('$top=1').value;
    const url = `${postern.environment.origin}/v1.0/auditLogs/signIns/${newest?.id}`;
    assert.equal((rest('--url', url) as SignIn).uniqueTokenIdentifier, newest?.uniqueTokenIdentifier);
  });

  it('az monitor activity-log list shows the user in the claims', () => {
    const events = answerOf(outside('monitor', 'activity-log', 'list', '-g', 'of-azureuser', '--offset', '1h')) as {
      readonly claims: { readonly act?: string; readonly uti: string };
    }[];
    const [event] = events;
    assert.equal((JSON.parse(event?.claims.act ?? '{}') as { sub?: string }).sub, 'azureuser');
  });

  it('postern log signins | activity | trace tells what was done, and by whom', () => {
    const { events } = logged<{ events: { claims: { uti: string }; resourceId: string }[] }>(
      'activity',
      '--user',
      'azureuser',
    );
    assert.ok(events.every(({ resourceId }) => resourceId.endsWith('/of-azureuser')));
    assert.deepEqual(logged<{ events: unknown[] }>('activity', '--user', 'root').events, []);
    const uti = events[0]?.claims.uti ?? '';
    const trace = logged<{ signIns: { user: { userName: string } }[]; events: unknown[] }>('trace', uti);
    assert.deepEqual(new Set(trace.signIns.map(({ user }) => user.userName)), new Set(['azureuser']));
    assert.equal(trace.events.length, events.length);
    assert.match(postern.postern('log', 'trace', uti).stdout, /user +azureuser \(uid \d+;/);
    const { signIns: ofRoot } = logged<{ signIns: { uti: string }[] }>('signins', '--vm', 'console', '--user', 'root');
    assert.ok(ofRoot.length > 0 && ofRoot.every((one) => one.uti !== uti));
  });

  it('postern log verify finds the log whole, and what was streamed in it', () => {
    const lines = readFileSync(streamed, 'utf8').trim().split('\n');
    const events = lines.map((line) => (JSON.parse(line) as { readonly event: string }).event);
    const count = (name: string) => events.filter((event) => event === name).length;
    assert.equal(count('sign-in'), logged<{ signIns: unknown[] }>('signins').signIns.length);
    assert.equal(count('activity'), logged<{ events: unknown[] }>('activity').events.length);
    assert.equal(postern.postern('log', 'verify', '--against', streamed).status, 0);
  });
});
