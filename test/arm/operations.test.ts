import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { askDoor, openDoor, origin, subscription, type TestDoor } from './kit/door.ts';
import { application, tokenOf } from './kit/ports.ts';
import { type WidgetBench, widgets } from './kit/widgets.ts';

let door: TestDoor;
let bench: WidgetBench;
const version = '?api-version=2024-03-01';
const widget = `${subscription}/resourceGroups/rg1/providers/Contoso.Widgets/widgets/w1`;

beforeEach(async () => {
  door = await openDoor((context) => {
    bench = widgets(context);
    return [bench.provider];
  });
  await door.ask('PUT', `${subscription}/resourceGroups/rg1${version}`, { body: { location: 'westeurope' } });
  door.events.length = 0;
});
afterEach(async () => {
  bench.release();
  await door.close();
});

/** The path and query of an absolute link of ours. */
function pathOf(link: string | null): string {
  if (!link?.startsWith(`${origin}/`)) assert.fail(`no absolute link on the origin: ${link}`);
  return link.slice(origin.length);
}

async function start(work: string): Promise<{ readonly status: string; readonly result: string }> {
  const answer = await door.ask('POST', `${widget}/${work}${version}`);
  assert.deepEqual([answer.status, answer.text, answer.headers.get('retry-after')], [202, '', '1']);
  return {
    status: pathOf(answer.headers.get('azure-asyncoperation')),
    result: pathOf(answer.headers.get('location')),
  };
}

const stages = () => door.events.map((event) => event.status);

describe('a long-running operation', () => {
  it('is polled at both of its URLs until it has succeeded', async () => {
    const poll = await start('polish');
    assert.match(
      poll.status,
      /\/providers\/Contoso\.Widgets\/locations\/westeurope\/operations\/[0-9a-f-]{36}\?api-version=/,
    );
    const running = await door.ask('GET', poll.status);
    assert.deepEqual([running.status, running.json['status'], 'properties' in running.json], [200, 'Running', false]);
    const waiting = await door.ask('GET', poll.result);
    assert.deepEqual([waiting.status, waiting.text, pathOf(waiting.headers.get('location'))], [202, '', poll.result]);
    bench.release();
    await door.app.idle();
    const { json } = await door.ask('GET', poll.status);
    assert.deepEqual(
      [json['status'], json['properties'], json['percentComplete']],
      ['Succeeded', { polished: widget }, 100],
    );
    assert.equal(json['endTime'], '2026-11-23T12:00:00.0000000Z');
    const done = await door.ask('GET', poll.result);
    assert.deepEqual([done.status, done.json], [200, { polished: widget }]);
  });

  it('fails with the reason: in the status document, and as the answer at its Location', async () => {
    const poll = await start('burn');
    await door.app.idle();
    const error = { code: 'OperationNotAllowed', message: 'Widgets do not burn.' };
    const { status, json } = await door.ask('GET', poll.status);
    assert.deepEqual([status, json['status'], json['error']], [200, 'Failed', error]);
    const result = await door.ask('GET', poll.result);
    assert.deepEqual([result.status, result.json], [409, { error }]);
    assert.deepEqual(stages(), ['Started', 'Accepted', 'Failed']);
  });

  it('fails without the cause when its work is broken', async () => {
    const poll = await start('explode');
    await door.app.idle();
    const { json } = await door.ask('GET', poll.status);
    assert.equal((json['error'] as JsonObject)['code'], 'InternalServerError');
    assert.ok(!JSON.stringify(json).includes('the cause'));
    assert.match(String(door.reports.at(-1)), /the cause/);
  });

  it('does not exist for a stranger to its subscription or to its id', async () => {
    const poll = await start('polish');
    const guess = await door.ask(
      'GET',
      poll.result.replace(/[0-9a-f](?=\?)/, (digit) => (digit === '0' ? '1' : '0')),
    );
    assert.deepEqual([guess.status, (guess.json['error'] as JsonObject)['code']], [404, 'OperationNotFound']);
    assert.equal((await door.ask('GET', poll.status, { token: undefined })).status, 401);
    door.tokens.set('alien', tokenOf('alien', { tenantId: 'another' }));
    door.principals.set('alien', application('alien'));
    assert.equal((await door.ask('GET', poll.status, { token: 'alien' })).status, 404);
  });

  it('that is suspended goes on running, for the next start to take it up', async () => {
    const poll = await start('pause');
    await door.app.idle();
    assert.equal((await door.ask('GET', poll.status)).json['status'], 'Running');
    assert.deepEqual(stages(), ['Started', 'Accepted']);
  });

  it('is taken up again after a crash, once, and recorded when it ends', async () => {
    const poll = await start('polish');
    const second = widgets(door.context);
    second.release();
    const reopened = door.reopened([second.provider]);
    await reopened.resume();
    await reopened.idle();
    const { json } = await askDoor(reopened, 'GET', poll.status);
    assert.deepEqual([json['status'], json['properties']], ['Succeeded', { polished: widget }]);
    assert.deepEqual(stages(), ['Started', 'Accepted', 'Succeeded']);
    await reopened.resume();
    await reopened.idle();
    assert.equal(stages().length, 3, 'what has ended is not run again');
  });
});

describe('the activity log', () => {
  it('has a first and a last event of a write, which share the operation', async () => {
    await door.ask('PUT', `${widget}${version}`, { body: { adminPassword: 'hunter2' } });
    assert.deepEqual(stages(), ['Started', 'Succeeded']);
    const [first, last] = door.events.map((event) => event.body);
    assert.equal(first?.['operationId'], last?.['operationId']);
    assert.notEqual(first?.['eventDataId'], last?.['eventDataId']);
    assert.deepEqual(last?.['authorization'], { action: 'Contoso.Widgets/widgets/write', scope: widget });
    assert.ok(!JSON.stringify(door.events).includes('hunter2'));
  });
  it('has the answer to a write with its last event, and the answer to no action', async () => {
    const { json } = await door.ask('PUT', `${widget}${version}`, { body: {} });
    await door.ask('POST', `${widget}/listKeys${version}`);
    const answers = door.events.map(({ body }) => (body['properties'] as JsonObject)['responseBody']);
    assert.deepEqual(answers, [undefined, JSON.stringify(json), undefined, undefined]);
    assert.ok(!JSON.stringify(door.events).includes('k3y'));
  });
  it('has nothing of reads', async () => {
    await door.ask('GET', `${widget}${version}`);
    assert.deepEqual(stages(), []);
  });
  it('has what was refused for want of a permission, and nothing of who is not known', async () => {
    door.tokens.set('nobody', tokenOf('nobody'));
    door.principals.set('nobody', application('nobody'));
    await door.ask('PUT', `${widget}${version}`, { token: 'nobody', body: {} });
    assert.deepEqual(stages(), ['Started', 'Failed']);
    assert.deepEqual(
      door.events.map((event) => event.caller),
      ['nobody', 'nobody'],
    );
    assert.equal((door.events[1]?.body['subStatus'] as JsonObject | undefined)?.['value'], 'Forbidden');
    await door.ask('PUT', `${widget}${version}`, { token: 'forged', body: {} });
    assert.equal(stages().length, 2);
  });
  it("keeps no request body in an operation's document", async () => {
    await door.ask('POST', `${widget}/polish${version}`, { body: { adminPassword: 'hunter2' } });
    const documents = await door.store.list('/operations' as never);
    assert.equal(documents.length, 1);
    assert.ok(!JSON.stringify(documents).includes('hunter2'));
  });
});
