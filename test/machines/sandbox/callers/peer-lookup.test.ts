import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { networkTables, peerLookup, type ReadTable } from '../../../../src/machines/sandbox/callers/peer-lookup.ts';

const refused = process.platform !== 'linux' && 'there is no /proc here';
const ownUid = process.getuid?.();

/** A server whose accepted sockets are taken one after another. */
async function listen() {
  const server: Server = createServer({ allowHalfOpen: true });
  const accepted: Socket[] = [];
  const waiting: ((socket: Socket) => void)[] = [];
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    const next = waiting.shift();
    if (next === undefined) accepted.push(socket);
    else next(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1024, resolve));
  const take = (): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = accepted.shift();
      if (socket === undefined) waiting.push(resolve);
      else resolve(socket);
    });
  return { server, port: (server.address() as AddressInfo).port, take };
}

describe('the other end of a connection', { skip: refused }, () => {
  let door: Awaited<ReturnType<typeof listen>>;
  const open: Socket[] = [];
  const dial = async (more: object = {}): Promise<{ client: Socket; accepted: Socket }> => {
    const client = connect({ port: door.port, host: '127.0.0.1', ...more });
    open.push(client);
    const [accepted] = await Promise.all([door.take(), once(client, 'connect')]);
    open.push(accepted);
    return { client, accepted };
  };
  before(async () => {
    door = await listen();
  });
  after(() => {
    for (const socket of open) socket.destroy();
    door.server.close();
  });

  it('is held by the user who opened it', async () => {
    const { accepted } = await dial();
    assert.equal((await peerLookup(networkTables('self')).find(accepted))?.uid, ownUid);
  });

  it('is found where the client writes the address as IPv4-mapped', async () => {
    const { accepted } = await dial({ host: '::ffff:127.0.0.1', family: 6 });
    assert.equal((await peerLookup(networkTables('self')).find(accepted))?.uid, ownUid);
  });

  it('is known while the client has ended only its own direction', async () => {
    const { client, accepted } = await dial({ allowHalfOpen: true });
    client.end('GET');
    await once(accepted.resume(), 'end');
    assert.equal((await peerLookup(networkTables('self')).find(accepted))?.uid, ownUid);
  });

  it('is unknown once the client has closed it, and never root', async () => {
    const { client, accepted } = await dial();
    client.destroy();
    await once(accepted.resume(), 'end');
    assert.equal(await peerLookup(networkTables('self')).find(accepted), undefined);
  });

  it('is unknown when another has its port by the time that the table is read', async () => {
    const first = await dial();
    const { localPort } = first.client;
    const held = Promise.withResolvers<void>();
    const late: ReadTable = async (name) => {
      await held.promise;
      return networkTables('self')(name);
    };
    const lookup = peerLookup(late);
    const found = lookup.find(first.accepted);
    first.client.resetAndDestroy();
    await once(first.client, 'close');
    const second = await dial({ localPort, localAddress: '127.0.0.1' });
    assert.equal(second.client.localPort, localPort);
    held.resolve();
    assert.equal(await found, undefined);
    assert.equal((await lookup.find(second.accepted))?.uid, ownUid);
  });

  it('is looked for again when a row was missed, once', async () => {
    const { accepted } = await dial();
    const reads: string[] = [];
    const blindAtFirst: ReadTable = (name) => {
      reads.push(name);
      return reads.length < 3 ? Promise.resolve('\n') : networkTables('self')(name);
    };
    assert.equal((await peerLookup(blindAtFirst).find(accepted))?.uid, ownUid);
    assert.deepEqual(reads, ['tcp', 'tcp6', 'tcp']);
  });

  it('is unknown when the tables cannot be read', async () => {
    const { accepted } = await dial();
    assert.equal(await peerLookup(() => Promise.reject(new Error('gone'))).find(accepted), undefined);
  });

  it('of 1,000 connections at once is found in a few reads', async () => {
    let reads = 0;
    const lookup = peerLookup((name) => {
      reads += 1;
      return networkTables('self')(name);
    });
    const found = await Promise.all(Array.from({ length: 1000 }, async () => lookup.find((await dial()).accepted)));
    assert.equal(found.filter((end) => end?.uid === ownUid).length, 1000);
    assert.equal(new Set(found.map((end) => end?.inode)).size, 1000);
    assert.ok(reads < 100, `${reads} reads`);
  });
});
