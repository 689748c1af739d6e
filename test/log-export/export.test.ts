import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { RecordedSignIn } from '../../src/core/ports/sign-in-log.ts';
import { signInForm } from '../../src/core/sign-ins/export-form.ts';
import { follow } from '../../src/log-export/follow.ts';
import { openLinesFile, streamSink } from '../../src/log-export/json-lines.ts';
import { logsUrlOf, otlpSink } from '../../src/log-export/otlp.ts';
import { positionsIn } from '../../src/log-export/positions.ts';
import type { Sink } from '../../src/log-export/sink.ts';
import type { SignInLog } from '../../src/sign-ins/sign-in-log.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { openTestLog, signIn } from '../sign-ins/log.ts';

const immediately = { gatherMillis: 0, onFailure: (error: Error) => assert.fail(error.message) };

async function recordSome(log: SignInLog, ...numbers: readonly number[]): Promise<void> {
  await Promise.all(numbers.map((n) => log.record(signIn(n))));
}

describe('an export to a file of JSON lines', () => {
  let folder = '';
  let file = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'postern-export-'));
    file = join(folder, 'sign-ins.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const numbers = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { number: number }).number);
  /** Exports what is there, as a start and a stop do. */
  const exported = async (log: SignInLog): Promise<void> => {
    const lines = await openLinesFile(file);
    await follow({ log, sink: lines.sink(signInForm), ...immediately })();
    await lines.close();
  };

  it('has each record on a line, readable by its owner alone', async () => {
    const { log } = openTestLog();
    await recordSome(log, 1, 2);
    await exported(log);
    const [line] = readFileSync(file, 'utf8').split('\n');
    const [record] = await log.readAfter(0);
    assert.ok(record);
    assert.deepEqual(JSON.parse(line ?? ''), { ...record, event: 'sign-in', time: '2026-11-24T12:00:00.001Z' });
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('goes on after the last whole line, and takes a half one away', async () => {
    const { log } = openTestLog();
    await recordSome(log, 1, 2);
    await exported(log);
    appendFileSync(file, '{"time":"2026-11-24T12:00:00.003Z","num');
    await recordSome(log, 3, 4);
    await exported(log);
    assert.deepEqual(numbers(), [1, 2, 3, 4]);
  });

  it('begins with the oldest record in a file that has none', async () => {
    writeFileSync(file, 'half a line');
    const { log } = openTestLog();
    await recordSome(log, 1);
    await exported(log);
    assert.deepEqual(numbers(), [1]);
  });

  it('finds the last line of its own log behind those of another, however many they are', async () => {
    const { log } = openTestLog();
    await recordSome(log, 1, 2);
    await exported(log);
    const other = JSON.stringify({ event: 'activity', number: 900, text: '"event":"sign-in"'.padEnd(1000) });
    appendFileSync(file, `${other}\n`.repeat(3000));
    await recordSome(log, 3);
    await exported(log);
    assert.deepEqual(
      numbers().filter((number) => number !== 900),
      [1, 2, 3],
    );
  });

  it('passes over a line that is longer than it looks at once', async () => {
    const { log } = openTestLog();
    await recordSome(log, 1);
    await exported(log);
    appendFileSync(file, `${JSON.stringify({ event: 'activity', number: 900, text: 'x'.repeat(3 << 20) })}\n{"half`);
    await recordSome(log, 2);
    await exported(log);
    assert.deepEqual(numbers(), [1, 900, 2]);
  });

  it('goes on as the log grows', async () => {
    const { log } = openTestLog();
    const lines = await openLinesFile(file);
    const written = watched(lines.sink(signInForm));
    const stop = follow({ log, sink: written.sink, ...immediately });
    await recordSome(log, 1);
    await written.reached(1);
    await recordSome(log, 2, 3);
    await written.reached(3);
    assert.deepEqual(numbers(), [1, 2, 3]);
    await stop();
    await lines.close();
  });
});

describe('an export beyond the end of the log', () => {
  it('says that the log was taken back, and goes on with the next record', async () => {
    const { log } = openTestLog();
    await recordSome(log, 1, 2);
    const taken: number[] = [];
    const failures: string[] = [];
    const sink: Sink<RecordedSignIn> = {
      position: async () => 9,
      write: async (signIns) => void taken.push(...signIns.map(({ number }) => number)),
    };
    const written = watched(sink);
    const stop = follow({
      log,
      sink: written.sink,
      gatherMillis: 0,
      onFailure: ({ message }) => void failures.push(message),
    });
    await log.head();
    await recordSome(log, 3);
    await stop();
    assert.deepEqual(failures, ['record 9 was exported, and the log ends with 2: it was taken back']);
    assert.deepEqual(taken, [3]);
  });
});

describe('what is exported', () => {
  it('is on the disk before', async () => {
    const steps: string[] = [];
    const store = openSqliteStore({ file: ':memory:' });
    const watchedStore = {
      ...store,
      transact: async (...words: Parameters<typeof store.transact>) => {
        steps.push(`settled, to survive ${words[1]}`);
        return store.transact(...words);
      },
    };
    const { log } = openTestLog({ store: watchedStore });
    await recordSome(log, 1);
    const sink: Sink<RecordedSignIn> = {
      position: async () => 0,
      write: async () => void steps.push('exported'),
    };
    await follow({ log, sink, ...immediately })();
    assert.deepEqual(steps, ['settled, to survive machine', 'exported']);
  });
});

describe('an export to a stream of JSON lines', () => {
  it('goes on after a restart where it ended', async () => {
    const { log, store } = openTestLog();
    const lines: string[] = [];
    const sink = () => streamSink((text) => void lines.push(text), signInForm, positionsIn(store, 'sign-in', '-'));
    await recordSome(log, 1, 2);
    await follow({ log, sink: sink(), ...immediately })();
    await recordSome(log, 3);
    await follow({ log, sink: sink(), ...immediately })();
    assert.deepEqual(
      lines.map((text) => text.split('\n').length - 1),
      [2, 1],
    );
  });
});

describe('an export to an OpenTelemetry collector', () => {
  let server: Server;
  let endpoint = '';
  let answers: ((response: ServerResponse) => void)[] = [];
  let asked: {
    readonly url: string | undefined;
    readonly headers: IncomingMessage['headers'];
    readonly body: OtlpBody;
  }[] = [];

  beforeEach(async () => {
    answers = [];
    asked = [];
    server = createServer(async (request, response) => {
      asked.push({ url: request.url, headers: request.headers, body: JSON.parse(await text(request)) as OtlpBody });
      const answer = answers.shift() ?? ((to) => to.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
      answer(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
  });

  const opened = (more: { readonly store?: ReturnType<typeof openTestLog>['store'] } = {}) => {
    const { log, store } = openTestLog(more);
    const rejections: string[] = [];
    const sink = () =>
      otlpSink(
        {
          endpoint,
          headers: { 'api-key': 'k' },
          resource: { tenantId: 't', version: '1.2.3' },
          onRejected: (message) => rejections.push(message),
        },
        signInForm,
        positionsIn(store, 'sign-in', endpoint),
      );
    return { log, store, sink, rejections };
  };
  const numbersIn = (at: number) =>
    asked[at]?.body.resourceLogs[0]?.scopeLogs[0]?.logRecords.map(
      ({ attributes }) => attributes.find(({ key }) => key === 'postern.sign_in.number')?.value.intValue,
    );

  it('posts log records as OTLP has them in JSON, with the headers that were given', async () => {
    const { log, sink } = opened();
    await recordSome(log, 1);
    await log.record(signIn(2, { outcome: 'denied' }));
    await follow({ log, sink: sink(), ...immediately })();
    assert.equal(asked[0]?.url, '/v1/logs');
    assert.equal(asked[0]?.headers['content-type'], 'application/json');
    assert.equal(asked[0]?.headers['api-key'], 'k');
    const [resource] = asked[0]?.body.resourceLogs ?? [];
    assert.deepEqual(resource?.resource.attributes[0], { key: 'service.name', value: { stringValue: 'postern' } });
    const [first, second] = resource?.scopeLogs[0]?.logRecords ?? [];
    assert.equal(first?.timeUnixNano, `${signIn(1).time}000000`);
    assert.deepEqual([first?.severityText, second?.severityText], ['INFO', 'WARN']);
    assert.equal(first?.body.stringValue, 'handedOver https://management.azure.com/ to alice on web-1');
    const attributes = new Map(first?.attributes.map(({ key, value }) => [key, value]));
    assert.deepEqual(attributes.get('user.name'), { stringValue: 'alice' });
    assert.deepEqual(attributes.get('postern.user.groups'), { arrayValue: { values: [{ stringValue: 'alice' }] } });
    assert.deepEqual(attributes.get('azure.token.uti'), { stringValue: 'uti-1' });
  });

  it('offers again what is not taken, later and later, or when it is told to', async () => {
    const { log, sink } = opened();
    await recordSome(log, 1, 2);
    answers = [
      (to) => to.writeHead(503).end(),
      (to) => to.writeHead(400).end(),
      (to) => to.writeHead(429, { 'retry-after': '7' }).end(),
      (to) => to.destroy(),
    ];
    const pauses: number[] = [];
    const failures: string[] = [];
    const written = watched(sink());
    const pause = async (millis: number) => void pauses.push(millis);
    const onFailure = ({ message }: Error) => void failures.push(message);
    const stop = follow({ log, sink: written.sink, gatherMillis: 0, onFailure, pause });
    await written.reached(2);
    await stop();
    assert.deepEqual(pauses.slice(0, 4), [1000, 2000, 7000, 8000]);
    assert.match(failures[0] ?? '', /answered 503 to records 1 to 2/);
    assert.match(failures[3] ?? '', /cannot be asked/);
    assert.deepEqual(numbersIn(4), ['1', '2']);
  });

  it('asks no other host that the collector names', async () => {
    const { log, sink } = opened();
    await recordSome(log, 1);
    let others = 0;
    const other = createServer((_, response) => {
      others += 1;
      response.end();
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    answers = [(to) => to.writeHead(307, { location }).end()];
    const failures: string[] = [];
    const stop = follow({
      log,
      sink: sink(),
      gatherMillis: 0,
      onFailure: ({ message }) => void failures.push(message),
      pause: async () => undefined,
    });
    await stop();
    other.close();
    assert.equal(others, 0);
    assert.match(failures[0] ?? '', /answered 307/);
  });

  it('does not offer again what the collector rejects of a request that it takes, and says so', async () => {
    const { log, sink, rejections } = opened();
    await recordSome(log, 1);
    const partialSuccess = { rejectedLogRecords: '1', errorMessage: 'too old' };
    answers = [(to) => to.end(JSON.stringify({ partialSuccess }))];
    await follow({ log, sink: sink(), ...immediately })();
    await follow({ log, sink: sink(), ...immediately })();
    assert.equal(asked.length, 1);
    assert.match(rejections[0] ?? '', /rejected 1 records: too old/);
  });

  it('goes on after a restart where it ended, in requests of at most 512 records', async () => {
    const { log, sink } = opened();
    await recordSome(log, ...Array.from({ length: 600 }, (_, n) => n));
    await follow({ log, sink: sink(), ...immediately })();
    assert.deepEqual([numbersIn(0)?.length, numbersIn(1)?.length], [512, 88]);
    await recordSome(log, 601);
    await follow({ log, sink: sink(), ...immediately })();
    assert.deepEqual(numbersIn(2), ['601']);
  });

  it('is at /v1/logs where the endpoint has no path, else where it says', () => {
    assert.equal(logsUrlOf('http://127.0.0.1:4318').pathname, '/v1/logs');
    assert.equal(logsUrlOf('http://127.0.0.1:4318/otlp/logs').pathname, '/otlp/logs');
  });
});

interface OtlpBody {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly timeUnixNano: string;
        readonly severityText: string;
        readonly body: { readonly stringValue: string };
        readonly attributes: readonly OtlpAttribute[];
      }[];
    }[];
  }[];
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}

/** A sink, and when it has taken a record. */
function watched(sink: Sink<RecordedSignIn>) {
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let last = 0;
  const reached = async (number: number): Promise<void> => {
    if (last >= number) return;
    const wait = Promise.withResolvers<void>();
    waiting.set(number, wait);
    return wait.promise;
  };
  const watchedSink: Sink<RecordedSignIn> = {
    ...sink,
    async write(signIns) {
      await sink.write(signIns);
      last = signIns.at(-1)?.number ?? last;
      for (const [number, { resolve }] of waiting) if (number <= last) resolve();
    },
  };
  return { sink: watchedSink, reached };
}
