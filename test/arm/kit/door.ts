import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ResourceManagerApp, resourceManagerApp } from '../../../src/arm/app.ts';
import { openScopeHierarchy } from '../../../src/arm/containers/scope-hierarchy.ts';
import { catalogOf } from '../../../src/arm/generic/catalog.ts';
import type { Provider, ProviderContext } from '../../../src/arm/provider-contract.ts';
import { resources } from '../../../src/arm/providers/Microsoft.Resources/provider.ts';
import { seedSubscription } from '../../../src/arm/providers/Microsoft.Resources/subscription.ts';
import type { ActivityEvent } from '../../../src/core/activity/event.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { ServicePrincipal } from '../../../src/core/ports/directory.ts';
import type { MachineHost } from '../../../src/core/ports/machine-host.ts';
import type { MachineView } from '../../../src/core/ports/machines.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import type { TokenRejection, VerifiedToken } from '../../../src/core/ports/token-verifier.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import * as ports from './ports.ts';

export const origin = 'https://localhost:8443';
export const subscription = `/subscriptions/${ports.subscriptionId}`;

/** What a request to the door under test may carry. */
export interface Ask {
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** A body as it goes on the wire. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly host?: string;
}

/** An answer, read. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: JsonObject;
}

/** The front door over fake neighbours and a real store, with the tables that tests change. */
export interface TestDoor {
  readonly app: ResourceManagerApp;
  readonly store: Store;
  readonly context: ProviderContext;
  readonly grants: ports.TableGrant[];
  readonly tokens: Map<string, VerifiedToken | TokenRejection>;
  readonly principals: Map<string, ServicePrincipal>;
  readonly machines: Map<string, MachineView>;
  readonly events: ActivityEvent[];
  readonly reports: unknown[];
  /** Asks as `owner`, who may do everything, unless another token (or undefined: none) is given. */
  ask(method: string, path: string, ask?: Ask): Promise<Told>;
  /** A second door over the same store, as after a restart. */
  reopened(more?: readonly Provider[]): ResourceManagerApp;
  close(): Promise<void>;
}

/** Opens a door over Microsoft.Resources and `more`. */
export async function openDoor(more: (context: ProviderContext) => readonly Provider[] = () => []): Promise<TestDoor> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-arm-'));
  const store = openSqliteStore({ file: join(directory, 'store.db') });
  await seedSubscription(store, { subscriptionId: ports.subscriptionId, tenantId: ports.tenantId });
  const tables = {
    grants: [{ principalId: 'owner', action: /./, scope: subscription }] as ports.TableGrant[],
    tokens: new Map<string, VerifiedToken | TokenRejection>([['owner', ports.tokenOf('owner')]]),
    principals: new Map([['owner', ports.application('owner')]]),
    machines: new Map<string, MachineView>(),
    events: [] as ActivityEvent[],
    reports: [] as unknown[],
  };
  const context: ProviderContext = {
    store,
    directory: ports.tableDirectory(tables.principals),
    authorizer: ports.tableAuthorizer(tables.grants),
    hierarchy: await openScopeHierarchy(store, ports.tenantId),
    activityLog: ports.listLog(tables.events),
    machineHost: {} as MachineHost,
    scheduledEvents: ports.silentEvents,
    clock: { now: () => ports.startMillis },
    random: ports.countingRandom(),
  };
  const build = (others: readonly Provider[]): ResourceManagerApp => {
    const providers: Provider[] = [
      resources(context, { providers: () => providers, catalog: catalogOf(() => providers), inner: () => made.inner }),
      ...others,
    ];
    const made: ResourceManagerApp = resourceManagerApp({
      context,
      providers,
      verifier: ports.tableVerifier(tables.tokens),
      machines: ports.tableMachines(tables.machines),
      origin: () => origin,
      tenantId: ports.tenantId,
      report: (_, error) => tables.reports.push(error),
    });
    return made;
  };
  const app = build(more(context));
  return {
    ...tables,
    app,
    store,
    context,
    ask: (method, path, ask = {}) => askDoor(app, method, path, ask),
    reopened: (others = []) => build(others),
    close: async () => {
      await app.drain();
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Asks any door over the same tables. */
export async function askDoor(app: ResourceManagerApp, method: string, path: string, ask: Ask = {}): Promise<Told> {
  const token = 'token' in ask ? ask.token : 'owner';
  const text = ask.text ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
  const headers = {
    ...(ask.host === undefined ? {} : { host: ask.host }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    ...ask.headers,
  };
  const request = new Request(`${origin}${path}`, { method, headers, ...(text === undefined ? {} : { body: text }) });
  const response = await app.fetch(request);
  const body = await response.text();
  const json = body === '' ? {} : (JSON.parse(body) as JsonObject);
  return { status: response.status, headers: response.headers, text: body, json };
}
