import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type {
  OperatorAccessExplanation,
  OperatorLearnedProfile,
  OperatorSimulation,
} from '../../src/host/operator/wire.ts';
import type { RunningHost } from '../../src/host/start.ts';
import { twoUsers } from '../core/access/example-profile.ts';
import { makePlace, type Place } from '../host/running.ts';

const program = resolve(import.meta.dirname, '../../bin/postern.js');

describe('postern access, of the users of a machine', () => {
  let place: Place;
  let host: RunningHost;
  let draft = '';

  before(async () => {
    place = await makePlace();
    host = await place.start({ machines: 'doors' });
    await host.machinesReady;
    draft = join(place.dataDir, 'draft.json');
    writeFileSync(draft, JSON.stringify({ location: 'eastus', properties: twoUsers }));
    const environment = (await run('vm', 'env', 'console', '--door', 'app-service')).out;
    const variable = (name: string) => new RegExp(`^export ${name}='([^']*)'$`, 'm').exec(environment)?.[1] ?? '';
    const query = '?api-version=2019-08-01&resource=https://vault.azure.net';
    const headers = { 'x-identity-header': variable('IDENTITY_HEADER') };
    await fetch(`${variable('IDENTITY_ENDPOINT')}${query}`, { headers });
    const pod = (await run('vm', 'env', 'console', '--door', 'imds')).out;
    const host169 = /AZURE_POD_IDENTITY_AUTHORITY_HOST='([^']*)'/.exec(pod)?.[1] ?? '';
    const path = '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net';
    await fetch(`${host169.replace(/\/$/, '')}${path}`, { headers: { metadata: 'true' } });
  });
  after(async () => {
    await host?.stop();
    await place.remove();
  });

  const run = (...words: readonly string[]): Promise<{ status: number; out: string; err: string }> =>
    new Promise((done) => {
      execFile(process.execPath, [program, ...words, '--data-dir', place.dataDir], (error, out, err) =>
        done({ status: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  const json = async <T>(...words: readonly string[]): Promise<T> =>
    JSON.parse((await run('access', ...words, '--json')).out) as T;

  it('explains that a machine without a profile asks nobody', async () => {
    const explained = await json<OperatorAccessExplanation>('explain', '--vm', 'console', '--user', 'alice');
    assert.deepEqual([explained.mode, explained.decision, explained.passes], ['Disabled', 'Allow', true]);
    assert.equal(explained.resource, 'https://management.azure.com');
    assert.equal((await run('access', 'explain', '--vm', 'console', '--user', 'alice')).status, 0);
  });

  it('explains with the groups that the machine has the user in, and says where it has no such user', async () => {
    const about = async (...words: readonly string[]) => {
      const { userExists, groupNames } = await json<OperatorAccessExplanation>('explain', '--vm', 'console', ...words);
      return [userExists, groupNames];
    };
    assert.deepEqual(await about('--user', 'azureuser'), [true, ['azureuser']]);
    assert.deepEqual(await about('--user', 'root', '--group', 'ops'), [true, ['root', 'ops']]);
    assert.deepEqual(await about('--user', 'alice', '--group', 'ops'), [false, ['ops']]);
    const { out } = await run('access', 'explain', '--vm', 'console', '--user', 'alice');
    assert.match(out, /user +alice \(the machine has no such user\)/);
  });

  it('refuses to explain a machine or an identity that there is not', async () => {
    const missing = await run('access', 'explain', '--vm', 'nowhere', '--user', 'alice');
    assert.equal(missing.status, 1);
    assert.match(missing.err, /nowhere/);
    const wrong = await run('access', 'explain', '--vm', 'console', '--user', 'alice', '--client-id', 'x');
    assert.deepEqual([wrong.status, wrong.err.trim()], [1, 'postern: Identity not found']);
  });

  it('refuses to explain a path that no request has', async () => {
    for (const path of ['metadata/instance', '/metadata?resource=x', '//metadata', '/metadata/../x', '/%6detadata']) {
      const refused = await run('access', 'explain', '--vm', 'console', '--user', 'root', '--path', path);
      assert.deepEqual([refused.status, refused.err.includes(`The path '${path}' is not one`)], [1, true]);
    }
    assert.equal(
      (await run('access', 'explain', '--vm', 'console', '--user', 'root', '--path', '/METADATA/')).status,
      0,
    );
  });

  it('learns from what the metadata service was asked, not other doors, and says what no rule can name', async () => {
    const learned = await json<OperatorLearnedProfile>('learn', '--vm', 'console');
    assert.deepEqual([learned.total, learned.unnamed], [1, 1]);
    assert.equal((await json<OperatorLearnedProfile>('learn', '--vm', 'console', '--since', '2100-01-01')).total, 0);
  });

  it('prints a profile that simulate takes as it is', async () => {
    const { out } = await run('access', 'learn', '--vm', 'console');
    writeFileSync(join(place.dataDir, 'learnt.json'), out);
    const file = join(place.dataDir, 'learnt.json');
    assert.equal((await run('access', 'simulate', '--profile', file, '--vm', 'console')).status, 0);
  });

  it('simulates a draft on what was seen', async () => {
    const simulated = await json<OperatorSimulation>('simulate', '--profile', draft, '--vm', 'console');
    assert.equal(simulated.total, 1);
    assert.deepEqual(
      simulated.changes.map(({ now, resource, count }) => ({ now, resource, count })),
      [{ now: 'denied', resource: 'https://vault.azure.net', count: 1 }],
    );
    const { out } = await run('access', 'simulate', '--profile', draft, '--vm', 'console');
    assert.match(out, /denied\s+\(unknown\)/);
  });

  it('refuses a draft that is none, naming the value', async () => {
    for (const [text, message] of [
      ['{', /cannot be read as JSON/],
      ['[]', /holds no JSON object/],
      ['{"mode":"Strict","defaultAccess":"Deny"}', /Strict/],
    ] as const) {
      const file = join(place.dataDir, 'wrong.json');
      writeFileSync(file, text);
      const refused = await run('access', 'simulate', '--profile', file, '--vm', 'console');
      assert.equal(refused.status, 1);
      assert.match(refused.err, message);
    }
  });
});
