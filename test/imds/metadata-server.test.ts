import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { unknownCaller } from '../../src/core/ports/caller.ts';
import { type MetadataServer, metadataServer } from '../../src/imds/metadata-server.ts';

const question = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** A server whose answer is the machine's name, and a door that treats each socket as told. */
async function open(bring: (server: MetadataServer, socket: Socket) => void, patienceMillis?: number) {
  const metadata = metadataServer(
    { handle: (_request, response, machine) => void response.end(machine) },
    patienceMillis,
  );
  const door = createServer((socket) => bring(metadata, socket));
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  stops.push(
    () => new Promise((resolve) => void door.close(() => resolve())),
    () => metadata.close(),
  );
  return { metadata, port: (door.address() as AddressInfo).port };
}

/** Writes and answers all that came back once the other side has closed; `heard` is told of each piece. */
function converse(port: number, bytes: string, heard: (text: string) => void = () => undefined): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk;
      heard(text);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

describe('a socket', () => {
  it('is answered as the machine that it was brought for', async () => {
    const { metadata, port } = await open(({ accept }, socket) => accept(socket, '/vm/web-1', unknownCaller));
    assert.match(await converse(port, question, () => metadata.close()), /\r\n\r\n\/vm\/web-1$/);
  });

  it('whose requests must be addressed to a host is answered to those alone', async () => {
    const hosts = ['127.0.0.1:50342', 'localhost:50342'];
    const { metadata, port } = await open(({ accept }, socket) => accept(socket, '/vm/web-1', unknownCaller, hosts));
    const asked = (host: string) => converse(port, `GET / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    assert.match(await asked('Host: localhost:50342\r\n'), /\/vm\/web-1$/);
    for (const host of ['rebound.example:50342', 'localhost', '127.0.0.1:50342.example']) {
      assert.match(await asked(`Host: ${host}\r\n`), /^HTTP\/1\.1 403 .*The header 'Host' must be the address/s);
    }
    assert.match(await asked(''), /^HTTP\/1\.1 400 /);
    metadata.close();
  });

  it('that was brought for no machine is closed without an answer', async () => {
    const { port } = await open(({ server }, socket) => server.emit('connection', socket));
    assert.equal(await converse(port, question), '');
  });

  it('whose request never ends is closed', async () => {
    const { port } = await open(({ accept }, socket) => accept(socket, '/vm/web-1', unknownCaller), 30);
    assert.match(await converse(port, 'GET / HT'), /^(HTTP\/1\.1 408 |$)/);
  });

  it('that says nothing is closed', async () => {
    const { port } = await open(({ accept }, socket) => accept(socket, '/vm/web-1', unknownCaller), 30);
    assert.match(await converse(port, ''), /^(HTTP\/1\.1 408 |$)/);
  });
});
