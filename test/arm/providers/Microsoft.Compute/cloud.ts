import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ResourceManagerApp, resourceManagerApp } from '../../../../src/arm/app.ts';
import { openScopeHierarchy } from '../../../../src/arm/containers/scope-hierarchy.ts';
import { openMachines } from '../../../../src/arm/machines-view.ts';
import type { Provider, ProviderContext } from '../../../../src/arm/provider-contract.ts';
import { compute } from '../../../../src/arm/providers/Microsoft.Compute/provider.ts';
import { managedIdentity } from '../../../../src/arm/providers/Microsoft.ManagedIdentity/provider.ts';
import { resources } from '../../../../src/arm/providers/Microsoft.Resources/provider.ts';
import { seedSubscription } from '../../../../src/arm/providers/Microsoft.Resources/subscription.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { Directory, ServicePrincipal } from '../../../../src/core/ports/directory.ts';
import type {
  MachineHost,
  MachineScript,
  MachineSpec,
  MachineSupport,
  ScriptOutcome,
} from '../../../../src/core/ports/machine-host.ts';
import type { Machines } from '../../../../src/core/ports/machines.ts';
import type { Store } from '../../../../src/core/ports/store.ts';
import type { VerifiedToken } from '../../../../src/core/ports/token-verifier.ts';
import { type Refusal, refuse } from '../../../../src/core/refusal.ts';
import { foldId } from '../../../../src/core/resource-id.ts';
import type { EpochMillis } from '../../../../src/core/time.ts';
import { openDirectory } from '../../../../src/directory/directory.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/sqlite-store.ts';
import { type Ask, askDoor, origin, subscription, type Told } from '../../kit/door.ts';
import * as ports from '../../kit/ports.ts';

export const group = `${subscription}/resourceGroups/rg1`;
export const machineId = (name: string) => `${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
export const identityId = (name: string) =>
  `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;

/** A machine host that makes nothing and remembers what it was asked. */
export interface RecordedHost extends MachineHost {
  readonly calls: string[];
  readonly specs: MachineSpec[];
  support(): Promise<MachineSupport>;
  /** What the next calls of `support` and `start` say. */
  missing: readonly string[];
  /** Resolves before each start goes on: for a start that takes long. */
  hold: Promise<void>;
  readonly scripts: MachineScript[];
  /** What a script comes to; by default at once, having printed its arguments. */
  perform(script: MachineScript, signal: AbortSignal): Promise<ScriptOutcome | Refusal>;
}

/** The compute and identity providers behind the real door, over a real store and directory. */
export interface Cloud {
  readonly app: ResourceManagerApp;
  readonly context: ProviderContext;
  readonly store: Store;
  readonly directory: Directory;
  readonly machines: Machines;
  readonly host: RecordedHost;
  readonly grants: ports.TableGrant[];
  readonly tokens: Map<string, VerifiedToken>;
  /** Moves the clock. */
  pass(millis: number): void;
  /** Asks with an api-version; `Ask.token` defaults to an owner's. */
  ask(method: string, path: string, ask?: Ask): Promise<Told>;
  /** Asks, then waits until what was accepted is done. */
  done(method: string, path: string, ask?: Ask): Promise<Told>;
  close(): Promise<void>;
}

/** Opens a cloud with the resource group `rg1`. */
export async function openCloud(): Promise<Cloud> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-cloud-'));
  const store = openSqliteStore({ file: join(folder, 'store.db') });
  await seedSubscription(store, { subscriptionId: ports.subscriptionId, tenantId: ports.tenantId });
  let now = ports.startMillis as number;
  const clock = { now: () => now as EpochMillis };
  const random = ports.countingRandom();
  const real = await openDirectory({ store, clock, random });
  const owner = ports.application('owner');
  const others = new Map<string, ServicePrincipal>([
    ['owner', owner],
    ['reader', ports.application('reader')],
  ]);
  const directory: Directory = { ...real, servicePrincipal: (id) => others.get(id) ?? real.servicePrincipal(id) };
  const host = recordedHost(clock);
  const grants: ports.TableGrant[] = [{ principalId: 'owner', action: /./, scope: subscription }];
  const tokens = new Map([
    ['owner', ports.tokenOf('owner')],
    ['reader', ports.tokenOf('reader')],
  ]);
  const context: ProviderContext = {
    store,
    directory,
    authorizer: ports.tableAuthorizer(grants),
    hierarchy: await openScopeHierarchy(store, ports.tenantId),
    activityLog: ports.listLog([]),
    machineHost: host,
    scheduledEvents: ports.silentEvents,
    clock,
    random,
  };
  const providers: Provider[] = [
    resources(context, { providers: () => providers, inner: () => app.inner }),
    compute(context),
    managedIdentity(context),
  ];
  const machines = await openMachines({ store, directory });
  const app: ResourceManagerApp = resourceManagerApp({
    context,
    providers,
    verifier: ports.tableVerifier(tokens),
    machines,
    origin: () => origin,
    tenantId: ports.tenantId,
    report: (_, error) => console.error(error),
  });
  const ask = (method: string, path: string, more: Ask = {}) => askDoor(app, method, withVersion(path), more);
  await ask('PUT', group, { body: { location: 'eastus' } });
  return {
    app,
    context,
    store,
    directory,
    machines,
    host,
    grants,
    tokens,
    ask,
    pass: (millis) => {
      now += millis;
    },
    done: async (method, path, more) => {
      const told = await ask(method, path, more);
      await app.idle();
      return told;
    },
    close: async () => {
      await host.endScripts();
      await app.drain();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function withVersion(path: string): string {
  if (path.includes('api-version=')) return path;
  return `${path}${path.includes('?') ? '&' : '?'}api-version=2024-11-30`;
}

function recordedHost(clock: { now(): EpochMillis }): RecordedHost {
  const up = new Map<string, MachineSpec>();
  const ending = new AbortController();
  const calls: string[] = [];
  const specs: MachineSpec[] = [];
  const named = (id: string) => id.slice(id.lastIndexOf('/') + 1);
  const running = (spec: MachineSpec) => ({
    resourceId: spec.resourceId,
    vmId: spec.vmId,
    initPid: 1,
    startedAt: clock.now(),
  });
  return {
    calls,
    specs,
    missing: [],
    hold: Promise.resolve(),
    async support() {
      return this.missing.length === 0
        ? { supported: true, mode: 'root' }
        : { supported: false, missing: this.missing };
    },
    async start(spec) {
      calls.push(`start ${named(spec.resourceId)}`);
      await this.hold;
      if (this.missing.length > 0) return refuse('MachineHostUnavailable', this.missing.join('; '));
      specs.push(spec);
      up.set(foldId(spec.resourceId), spec);
      return running(spec);
    },
    async stop(resourceId) {
      calls.push(`stop ${named(resourceId)}`);
      up.delete(foldId(resourceId));
    },
    async remove(resourceId) {
      calls.push(`remove ${named(resourceId)}`);
      up.delete(foldId(resourceId));
    },
    running(resourceId) {
      const spec = up.get(foldId(resourceId));
      return spec === undefined ? undefined : running(spec);
    },
    entry: () => undefined,
    scripts: [],
    perform: async (script) => ({ end: 'exited', exitCode: 0, output: script.arguments.join(' '), error: '' }),
    async run(resourceId, script, signal) {
      if (!up.has(foldId(resourceId))) return undefined;
      this.scripts.push(script);
      return this.perform(script, AbortSignal.any([signal, ending.signal]));
    },
    endScripts: async () => ending.abort(),
  };
}

/** The error code of an answer. */
export function codeOf({ json }: Told): unknown {
  return (json['error'] as JsonObject | undefined)?.['code'];
}

/** A part of an answer's body, by names. */
export function at(body: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
}
