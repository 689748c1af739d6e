// The server of the list benchmark, in a process of its own: the whole front door over SQLite, without TLS, with 10,000
// machines in ten groups.

import { createServer } from 'node:http';
import type { JsonObject } from '../../src/core/json.ts';
import { documentKey, type Write } from '../../src/core/ports/store.ts';
import { serveOrigin } from '../../src/host/listeners.ts';
import { openResourceManager, type ResourceManager } from '../arm/resource-manager.ts';
import { serveOrders } from '../http/serve.ts';

const groups = 10;
const machinesOfGroup = 1000;

serveOrders(async () => {
  const manager = await openResourceManager();
  const subscription = `/subscriptions/${manager.subscriptionId}`;
  for (let group = 0; group < groups; group += 1) await fill(manager, `${subscription}/resourceGroups/bench-${group}`);
  const first = `${subscription}/providers/Microsoft.Compute/virtualMachines?api-version=2024-11-01`;
  return {
    server: createServer(serveOrigin(manager.doors)),
    paths: await crawl(manager, first),
    headers: [`Authorization: Bearer ${manager.token}`],
  };
});

/** Makes one machine as a client does, and the rest of its group in its image. */
async function fill({ store, put }: ResourceManager, group: string): Promise<void> {
  const id = `${group}/providers/Microsoft.Compute/virtualMachines/web`;
  await put(`${group}?api-version=2021-04-01`, { location: 'westeurope' });
  const body = { location: 'westeurope', identity: { type: 'SystemAssigned' }, tags: { team: 'web', stage: 'test' } };
  await put(`${id}?api-version=2024-11-01`, body);
  const image = await store.get(documentKey(id));
  if (image === undefined) throw new Error(`${id} was made and is not there`);
  const others = Array.from({ length: machinesOfGroup - 1 }, (_, at) => copyOf(image.body, id, `web-${at}`));
  await store.transact(others);
}

function copyOf(image: JsonObject, id: string, name: string): Write {
  const text = JSON.stringify(image).replaceAll(id, id.replace(/web$/, name));
  return { put: documentKey(id.replace(/web$/, name)), body: { ...JSON.parse(text), name } };
}

/** The paths of the list's pages, by following `nextLink`. */
async function crawl({ doors, token }: ResourceManager, first: string): Promise<readonly string[]> {
  const paths: string[] = [];
  let listed = 0;
  for (let path: string | undefined = first; path !== undefined; ) {
    paths.push(path);
    const page: ListPage = await readPage(doors, token, path);
    listed += page.value.length;
    path = page.nextLink?.replace(/^https?:\/\/[^/]+/, '');
  }
  if (listed !== groups * machinesOfGroup) throw new Error(`${listed} machines were listed`);
  return paths;
}

interface ListPage {
  readonly value: readonly unknown[];
  readonly nextLink?: string;
}

async function readPage(doors: ResourceManager['doors'], token: string, path: string): Promise<ListPage> {
  const headers = new Headers({ authorization: `Bearer ${token}`, host: '127.0.0.1' });
  const request = { method: 'GET', url: path, headers, body: null };
  const { body } = await doors.arm(request, { incoming: {} as never });
  return JSON.parse(body ?? '');
}
