import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import type { RecordedSignIn } from '../../src/core/ports/sign-in-log.ts';
import { dataPaths } from '../../src/host/configuration.ts';
import type {
  OperatorActivity,
  OperatorSignIns,
  OperatorTrace,
  OperatorVerification,
} from '../../src/host/operator/wire.ts';
import type { RunningHost } from '../../src/host/start.ts';
import { makePlace, type Place } from '../host/running.ts';

const program = resolve(import.meta.dirname, '../../bin/postern.js');

describe('postern log', () => {
  let place: Place;
  let host: RunningHost;
  let streamed = '';
  let uti = '';

  before(async () => {
    place = await makePlace();
    streamed = join(place.dataDir, 'streamed.jsonl');
    host = await place.start({ machines: 'doors', logJsonl: streamed });
    await host.machinesReady;
    const token = await askDoor('https://management.azure.com/');
    await askDoor('https://management.azure.com/');
    await askDoor('https://unknown.example/');
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    ({ uti } = JSON.parse(claims) as { uti: string });
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
    JSON.parse((await run(...words, '--json')).out) as T;

  /** A token for the console, by App Service's door. */
  const askDoor = async (resource: string): Promise<string> => {
    const { out } = await run('vm', 'env', 'console', '--door', 'app-service');
    const variable = (name: string) => new RegExp(`^export ${name}='([^']*)'$`, 'm').exec(out)?.[1] ?? '';
    const url = `${variable('IDENTITY_ENDPOINT')}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`;
    const answer = await fetch(url, { headers: { 'x-identity-header': variable('IDENTITY_HEADER') } });
    return ((await answer.json()) as { access_token?: string }).access_token ?? '';
  };
  const outcomesOf = ({ signIns }: OperatorSignIns) => signIns.map(({ outcome }) => outcome);

  it('signins: lists what was handed over, by machine, outcome, token and time', async () => {
    assert.deepEqual(outcomesOf(await json('log', 'signins')), ['failed', 'handedOver', 'issued']);
    assert.deepEqual(outcomesOf(await json('log', 'signins', '--vm', 'CONSOLE', '--outcome', 'issued')), ['issued']);
    assert.deepEqual(outcomesOf(await json('log', 'signins', '--uti', uti, '--since', '1h')), ['handedOver', 'issued']);
    assert.deepEqual(outcomesOf(await json('log', 'signins', '--user', 'alice')), []);
    assert.deepEqual(outcomesOf(await json('log', 'signins', '--until', '2020-01-01')), []);
    assert.deepEqual(outcomesOf(await json('log', 'signins', '--limit', '1')), ['failed']);
    const { out } = await run('log', 'signins');
    assert.match(out, new RegExp(`console +- +https://management.azure.com +issued +- +${uti}`));
  });

  it('signins: says what it does not take', async () => {
    const unknown = await run('log', 'signins', '--vm', 'nowhere');
    assert.deepEqual([unknown.status, /There is no machine 'nowhere'/.test(unknown.err)], [1, true]);
    assert.equal((await run('log', 'signins', '--outcome', 'lost')).status, 2);
    assert.equal((await run('log', 'signins', '--since', 'yesterday')).status, 2);
  });

  it('activity: lists what was done, and by whom on a machine', async () => {
    const { events } = await json<OperatorActivity>('log', 'activity');
    assert.ok(events.length > 0);
    assert.deepEqual((await json<OperatorActivity>('log', 'activity', '--user', 'alice')).events, []);
    assert.match((await run('log', 'activity')).out, /Microsoft\.Compute\/virtualMachines\/write +Started/);
  });

  it('trace: joins who got a token with what was done with it', async () => {
    const trace = await json<OperatorTrace>('log', 'trace', uti);
    assert.deepEqual(outcomesOf(trace), ['issued', 'handedOver']);
    const { out } = await run('log', 'trace', uti);
    assert.match(out, /Handed over:[\s\S]*Nothing was done with it/);
    for (const token of ['no-such-token', '-hyphened', '--twice']) {
      const unknown = await run('log', 'trace', token);
      assert.deepEqual([unknown.status, unknown.err.includes(`Neither log knows a token '${token}'`)], [1, true]);
    }
  });

  it('verify: finds the log whole while Postern runs', async () => {
    const { records, breach } = await json<OperatorVerification>('log', 'verify');
    assert.deepEqual([records, breach], [3, undefined]);
    assert.match((await run('log', 'verify')).out, /^whole: 3 records, 1 to 3\./);
  });

  it('export: writes what is kept to a file, and goes on after it', async () => {
    const file = join(place.dataDir, 'exported.jsonl');
    const first = await run('log', 'export', '--to', file);
    assert.deepEqual([first.status, /^3 sign-ins exported\./.test(first.err)], [0, true]);
    assert.match((await run('log', 'export', '--to', file)).err, /^0 sign-ins exported\./);
    const records = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordedSignIn);
    assert.deepEqual(
      records.map(({ number }) => number),
      [1, 2, 3],
    );
    assert.equal((await run('log', 'export')).out.trim().split('\n').length, 3);
    const kept = (await json<{ events: unknown[] }>('log', 'activity', '--limit', '9999')).events.length;
    const events = await run('log', 'export', '--log', 'activity', '--to', file);
    assert.match(events.err, new RegExp(`^${kept} events exported\\.`));
    assert.match((await run('log', 'export', '--log', 'activity', '--to', file)).err, /^0 events exported\./);
    assert.match((await run('log', 'export', '--to', file)).err, /^0 sign-ins exported\./);
    assert.equal((await run('log', 'export', '--format', 'otlp', '--to', 'file')).status, 2);
  });

  it('verify: says which witness it cannot use', async () => {
    for (const [option, file, why] of [
      ['--against', 'nowhere.jsonl', /nowhere\.jsonl is no witness: ENOENT/],
      ['--against', 'admin.json', /admin\.json is no witness: it has no exported sign-in/],
      ['--authority', 'nowhere.pem', /nowhere\.pem is no witness: ENOENT/],
      ['--authority', 'admin.json', /admin\.json is no witness: /],
    ] as const) {
      const refused = await run('log', 'verify', option, join(place.dataDir, file));
      assert.deepEqual([refused.status, why.test(refused.err)], [1, true], refused.err);
    }
  });

  it('verify: reads the data directory of a stopped Postern, and names what is broken', async () => {
    await host.stop();
    assert.match((await run('log', 'verify')).out, /at a stop; 0 records came after it/);
    assert.equal((await run('log', 'verify', '--against', streamed)).status, 0);
    const { tls } = dataPaths(place.dataDir);
    assert.equal((await run('log', 'verify', '--authority', join(tls, 'ca.pem'))).status, 0);
    const other = await run('log', 'verify', '--authority', join(tls, 'server.pem'));
    assert.deepEqual([other.status, /signed by an authority that is not trusted here/.test(other.out)], [1, true]);
    const database = new DatabaseSync(dataPaths(place.dataDir).store);
    database.exec("DELETE FROM events WHERE stream = 'sign-ins' AND id = '000000000000002'");
    database.close();
    const broken = await run('log', 'verify');
    assert.deepEqual([broken.status, broken.out.trim()], [1, 'broken: Record 2 is missing.']);
  });

  it('verify: asks for a Postern where there is no data directory', async () => {
    const { status } = await new Promise<{ status: number }>((done) => {
      execFile(process.execPath, [program, 'log', 'verify', '--data-dir', join(place.dataDir, 'none')], (error) =>
        done({ status: Number(error?.code ?? 0) }),
      );
    });
    assert.equal(status, 3);
  });

  it('has streamed each record to the file that was named at the start', () => {
    const lines = readFileSync(streamed, 'utf8').trim().split('\n');
    const records = lines.map((line) => JSON.parse(line) as RecordedSignIn & { readonly event: string });
    const numbersOf = (event: string) => records.filter((one) => one.event === event).map(({ number }) => number);
    assert.deepEqual(numbersOf('sign-in'), [1, 2, 3]);
    const activity = numbersOf('activity');
    assert.ok(activity.length > 0);
    assert.deepEqual(
      activity,
      activity.toSorted((a, b) => a - b),
    );
  });
});
