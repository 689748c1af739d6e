import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Announcement, Impact } from '../../src/core/ports/scheduled-events.ts';
import { documentKey } from '../../src/core/ports/store.ts';
import { bodyLimit } from '../../src/imds/read-body.ts';
import { eventVersions } from '../../src/imds/scheduled-events/scheduled-event.ts';
import { type Imds, openImds, systemAssigned, web1, web2 } from './fakes.ts';

const path = '/metadata/scheduledevents?api-version=2020-07-01';
const vmId = 'ffffffff-0000-4000-8000-000000000001';
const reboot: Impact = { vmId, resourceName: 'web-1', eventType: 'Reboot' };

interface Document {
  readonly DocumentIncarnation: number;
  readonly Events: readonly Record<string, unknown>[];
}

let imds: Imds;
beforeEach(async () => {
  imds = await openImds();
  imds.attach(web1, [systemAssigned(web1)]);
  imds.attach(web2, []);
});
afterEach(() => imds.close());

async function read(target = path, machine = web1): Promise<Document> {
  const response = await imds.ask(target, { machine });
  assert.equal(response.status, 200, response.text);
  return response.json as unknown as Document;
}

const start = (body: string, machine = web1) => imds.ask(path, { method: 'POST', body, machine });
const approval = (...ids: readonly unknown[]) => JSON.stringify({ StartRequests: ids.map((EventId) => ({ EventId })) });

/** Announces to a machine that listens; `began` tells what became of it so far. */
async function announce(impact = reboot, events = imds.events) {
  const waiting: { began?: Announcement['outcome'] } = {};
  const announcement = events.announce(impact).then((made) => {
    waiting.began = made.outcome;
    return made;
  });
  // The announcement is on its way: one look at the store lets it come to its wait.
  await imds.store.get(documentKey('/'));
  await new Promise((resolve) => setImmediate(resolve));
  return { waiting, announcement };
}

describe('the events of a machine', () => {
  it('are none at first, and the document is the same until one is announced', async () => {
    for (let at = 0; at < 2; at += 1) assert.deepEqual(await read(), { DocumentIncarnation: 1, Events: [] });
  });

  it('are announced to a machine that has asked, with the minimum notice', async () => {
    await read();
    await announce();
    const { DocumentIncarnation, Events } = await read();
    assert.equal(DocumentIncarnation, 2);
    const { EventId, ...event } = Events[0] ?? {};
    assert.match(String(EventId), /^[\dA-F]{8}(-[\dA-F]{4}){3}-[\dA-F]{12}$/);
    assert.deepEqual(event, {
      EventStatus: 'Scheduled',
      EventType: 'Reboot',
      ResourceType: 'VirtualMachine',
      Resources: ['web-1'],
      NotBefore: 'Thu, 07 Mar 2024 11:22:59 GMT',
      Description: 'Virtual machine is going to be restarted as requested by authorized user.',
      EventSource: 'User',
      DurationInSeconds: -1,
    });
    assert.deepEqual((await read(path, web2)).Events, []);
  });

  it('are not announced to a machine that never asked, nor to one that asked a day ago', async () => {
    assert.equal((await announce()).waiting.began, 'mayBegin');
    await read();
    imds.advance(86_400);
    assert.equal((await announce()).waiting.began, 'mayBegin');
  });

  it('are announced to one that asked within a day', async () => {
    await read();
    imds.advance(86_399);
    assert.equal((await announce()).waiting.began, undefined);
  });

  it('begin when their time has come, and not a second before', async () => {
    await read();
    const { waiting, announcement } = await announce();
    imds.advance(899);
    await read();
    assert.equal(waiting.began, undefined);
    imds.advance(1);
    assert.equal((await announcement).outcome, 'mayBegin');
    const [event] = (await read()).Events;
    assert.deepEqual([event?.['EventStatus'], event?.['NotBefore']], ['Started', '']);
  });

  it('end when what was announced is over', async () => {
    await read();
    const { announcement } = await announce();
    imds.advance(900);
    await (await announcement).end();
    assert.deepEqual(await read(), { DocumentIncarnation: 4, Events: [] });
  });

  it('are told and not waited for where the resource approves beforehand', async () => {
    await read();
    assert.equal((await announce({ ...reboot, approved: true })).waiting.began, 'mayBegin');
    assert.equal((await read()).Events[0]?.['EventStatus'], 'Started');
  });

  it('of a redeployment wait ten minutes, of a deletion as long as the resource says', async () => {
    await read();
    await announce({ ...reboot, eventType: 'Redeploy' });
    await announce({ ...reboot, eventType: 'Terminate', noticeMillis: 420_000 });
    assert.deepEqual(
      (await read()).Events.map((event) => event['NotBefore']),
      ['Thu, 07 Mar 2024 11:17:59 GMT', 'Thu, 07 Mar 2024 11:14:59 GMT'],
    );
  });
});

describe('an approval', () => {
  it('begins the event at once, by its id in any letter case', async () => {
    await read();
    const { announcement } = await announce();
    const id = String((await read()).Events[0]?.['EventId']);
    const response = await start(approval(id.toLowerCase()));
    assert.deepEqual([response.status, response.text], [200, '']);
    assert.equal((await announcement).outcome, 'mayBegin');
    assert.equal((await read()).Events[0]?.['EventStatus'], 'Started');
    assert.equal((await start(approval(id))).status, 200);
  });

  it('of an event of another machine, or of none, begins nothing and is refused', async () => {
    await read();
    await read(path, web2);
    const { waiting } = await announce();
    const id = String((await read()).Events[0]?.['EventId']);
    assert.equal((await start(approval(id), web2)).status, 400);
    assert.equal((await start(approval(id, '602d9444-d2cd-49c7-8624-8643e7171297'))).status, 400);
    await read();
    assert.equal(waiting.began, undefined);
  });

  it('of nothing is taken', async () => {
    assert.equal((await start(approval())).status, 200);
  });

  for (const body of [
    '',
    '{',
    '[]',
    'null',
    '{}',
    '{"StartRequests":{}}',
    '{"StartRequests":[null]}',
    '{"StartRequests":[{}]}',
    approval(7),
  ]) {
    it(`is refused as malformed: ${body || 'nothing'}`, async () => {
      const response = await start(body);
      assert.equal(response.status, 400);
      assert.match(response.json['error'] ?? '', /^Bad request\. The body is malformed/);
    });
  }

  for (const times of [1, 64]) {
    it(`of ${times} times 64 KB and more is refused`, async () => {
      const response = await start(`${approval()}${' '.repeat(times * bodyLimit)}`);
      assert.equal(response.status, 400);
      assert.equal(response.headers['connection'], 'close');
    });
  }

  it('that never ends is refused once it is too long', async () => {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nMetadata: true\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    assert.match(await imds.raw(head + chunk.repeat(5)), /^HTTP\/1\.1 400 /);
  });
});

describe('an announcement', () => {
  it('goes on where it was after a restart of the host', async () => {
    await read();
    const { announcement } = await announce();
    const before = await read();
    imds.events.close();
    assert.equal((await announcement).outcome, 'hostStops');
    imds.advance(60);
    const again = await announce(reboot, imds.openEvents());
    assert.deepEqual(await read(), before);
    imds.advance(840);
    assert.equal((await again.announcement).outcome, 'mayBegin');
  });

  it('that had begun before a restart begins at once', async () => {
    await read();
    const { announcement } = await announce();
    imds.advance(900);
    await announcement;
    imds.events.close();
    assert.equal((await announce(reboot, imds.openEvents())).waiting.began, 'mayBegin');
  });

  it('is of its own event when another of its kind waits', async () => {
    await read();
    await announce();
    await announce();
    const ids = (await read()).Events.map((event) => event['EventId']);
    assert.equal(new Set(ids).size, 2);
  });

  it('begins when its machine is removed: nobody is left to approve', async () => {
    const key = documentKey(web1);
    await imds.store.transact([{ put: key, body: { properties: { vmId } } }]);
    await read();
    const { announcement } = await announce();
    await imds.store.transact([{ remove: key }]);
    assert.equal((await announcement).outcome, 'mayBegin');
  });
});

describe('the api-version of the events', () => {
  const fields: Readonly<Record<string, readonly string[]>> = {
    '2017-03-01': [],
    '2019-04-01': ['Description'],
    '2019-08-01': ['Description', 'EventSource'],
    '2020-07-01': ['Description', 'EventSource', 'DurationInSeconds'],
  };
  const known = ['EventId', 'EventStatus', 'EventType', 'ResourceType', 'Resources', 'NotBefore'];

  for (const [version, added] of Object.entries(fields)) {
    it(`${version} has ${added.join(', ') || 'no more than the first'}`, async () => {
      await read();
      await announce();
      const [event] = (await read(`/metadata/scheduledevents?api-version=${version}`)).Events;
      assert.deepEqual(Object.keys(event ?? {}), [...known, ...added]);
      assert.deepEqual(event?.['Resources'], [version === '2017-03-01' ? '_web-1' : 'web-1']);
    });
  }

  it('shows terminations from 2019-01-01 on', async () => {
    await read();
    await announce({ ...reboot, eventType: 'Terminate' });
    const counts = await Promise.all(
      eventVersions.map(
        async (version) => (await read(`/metadata/scheduledevents?api-version=${version}`)).Events.length,
      ),
    );
    assert.deepEqual(counts, [1, 1, 1, 1, 0, 0, 0]);
  });

  for (const query of ['', '?api-version=', '?api-version=2021-02-01', '?api-version=latest']) {
    it(`is refused when it is '${query}'`, async () => {
      for (const method of ['GET', 'POST']) {
        assert.equal((await imds.ask(`/metadata/scheduledevents${query}`, { method })).status, 400);
      }
    });
  }

  it('is not asked of another method, nor without the header', async () => {
    const put = await imds.ask(path, { method: 'PUT' });
    assert.deepEqual([put.status, put.headers['allow']], [405, 'GET, POST']);
    assert.equal((await imds.ask(path, { headers: {} })).status, 400);
    assert.equal((await imds.ask(path, { method: 'POST', headers: {}, body: approval() })).status, 400);
  });
});
