import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MachineHost } from '../../src/core/ports/machine-host.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import type { OriginDoors } from '../../src/host/listeners.ts';
import { openRealism } from '../../src/host/realism.ts';
import { seed } from '../../src/host/seed.ts';
import { openServices, type Services } from '../../src/host/services.ts';
import { checkpointSigner } from '../../src/host/sign-ins/checkpoint-key.ts';
import { systemClock, systemRandom } from '../../src/host/system.ts';
import { makeAuthority } from '../../src/host/tls/authority.ts';
import { certificateAuthority } from '../../src/host/tls/certificate-authority.ts';
import { openSignInLog } from '../../src/sign-ins/sign-in-log.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

const origin = 'http://127.0.0.1';

/** A Postern without listeners over an SQLite file of its own: its front door and an administrator's token for it. */
export interface ResourceManager {
  readonly store: Store;
  readonly doors: OriginDoors;
  readonly metadata: Services['metadata'];
  readonly subscriptionId: string;
  readonly token: string;
  /** `PUT` of a resource, as a client would. Throws when it is refused. */
  put(path: string, body: object): Promise<void>;
}

/** Machines that run in name only: what is measured asks for none. */
const namedMachines = {
  support: async () => ({ supported: true, mode: 'root' }),
  start: async ({ resourceId, vmId }) => ({ resourceId, vmId, initPid: 1, startedAt: 0 as EpochMillis }),
  stop: async () => undefined,
  remove: async () => undefined,
  running: () => undefined,
  entry: () => undefined,
  run: async () => undefined,
  endScripts: async () => undefined,
} as Partial<MachineHost> as MachineHost;

/** Opens one in a temporary folder, which goes when the process ends. */
export async function openResourceManager(): Promise<ResourceManager> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-arm-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const store = openSqliteStore({ file: join(folder, 'store.db') });
  const ports = { store, clock: systemClock, random: systemRandom };
  const authority = await makeAuthority(systemClock, systemRandom);
  const services = await openServices({
    ...ports,
    origin: () => origin,
    machineHost: namedMachines,
    realism: await openRealism(store, systemClock, undefined),
    authority: certificateAuthority(authority),
    signIns: openSignInLog({ ...ports, signer: checkpointSigner(authority) }),
    log: (entry) => console.error(entry),
  });
  const seeded = await seed({ ...ports, directory: services.directory, credentialsFile: join(folder, 'admin.json') });
  const fetch = (request: Request) => services.app.fetch(request, {});
  const token = await askToken(fetch, services.directory.tenant.tenantId, seeded.admin);
  return {
    store,
    doors: services.doors,
    metadata: services.metadata,
    subscriptionId: seeded.subscriptionId,
    token,
    put: async (path, body) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await fetch(new Request(origin + path, { method: 'PUT', headers, body: JSON.stringify(body) }));
      if (!answer.ok) throw new Error(`${path} was refused: ${await answer.text()}`);
    },
  };
}

async function askToken(
  fetch: (request: Request) => Response | Promise<Response>,
  tenantId: string,
  client: { readonly clientId: string; readonly clientSecret: string },
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    resource: 'https://management.azure.com/',
  });
  const answer = await fetch(new Request(`${origin}/${tenantId}/oauth2/token`, { method: 'POST', body }));
  if (!answer.ok) throw new Error(`no token: ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}
