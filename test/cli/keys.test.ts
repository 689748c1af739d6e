import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { OperatorKey, OperatorKeys } from '../../src/host/operator/wire.ts';
import type { RunningHost } from '../../src/host/start.ts';
import { makePlace, type Place } from '../host/running.ts';

const program = resolve(import.meta.dirname, '../../bin/postern.js');

describe('postern keys', () => {
  let place: Place;
  let host: RunningHost;
  before(async () => {
    place = await makePlace();
    host = await place.start();
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
  const list = async () => (JSON.parse((await run('keys', 'list', '--json')).out) as OperatorKeys).keys;
  const rotate = async (...words: readonly string[]) =>
    JSON.parse((await run('keys', 'rotate', ...words, '--json')).out) as OperatorKey;

  it('lists the one key of a first start', async () => {
    const keys = await list();
    assert.deepEqual(
      keys.map(({ state }) => state),
      ['signing'],
    );
    assert.match((await run('keys', 'list')).out, new RegExp(`^${keys[0]?.kid} +signing +\\d{4}-`, 'm'));
  });

  it('rotates: the next key is published and waits a day', async () => {
    const next = await rotate();
    assert.equal(next.state, 'next');
    assert.equal(Date.parse(next.signsFrom) - Date.parse(next.publishedAt) > 86_399_000, true);
    const [waiting, signing] = await list();
    assert.equal(waiting?.kid, next.kid);
    assert.ok(signing?.removedAt !== undefined);
    const again = await run('keys', 'rotate');
    assert.equal(again.status, 1);
    assert.match(again.err, new RegExp(`${next.kid}' is published already .* add --now`));
  });

  it('lets it sign at once with --now, and takes the others away with --revoke', async () => {
    const [waiting] = await list();
    assert.equal((await rotate('--now')).kid, waiting?.kid);
    assert.match((await run('keys', 'rotate', '--revoke')).out, /^The key \S+ signs from now on\.$/m);
    assert.equal((await list()).length, 1);
  });
});

describe('postern up', () => {
  const up = (...words: readonly string[]): Promise<string> =>
    new Promise((done) => {
      execFile(process.execPath, [program, 'up', ...words], (error, _, err) => done(`${error?.code} ${err}`));
    });

  it('refuses to trust what is no issuer host, and keys for a day', async () => {
    assert.match(await up('--trust-issuer', 'http://issuer.example'), /^2 .*names no issuer that can be trusted/s);
    assert.match(
      await up('--trust-issuer', 'https://issuer.example', 'https://*'),
      /^2 .*'https:\/\/\*' names no issuer/s,
    );
    assert.match(await up('--key-days', '1'), /^2 .*2 to 1825 days/s);
  });
});
