import assert from 'node:assert/strict';
import { openActivityLog } from '../../../../../src/activity-log/activity-log.ts';
import { openAuthorizer } from '../../../../../src/arm/authorize/open-authorizer.ts';
import { openScopeHierarchy } from '../../../../../src/arm/containers/scope-hierarchy.ts';
import type { Answer, Call, Provider, ProviderContext } from '../../../../../src/arm/provider-contract.ts';
import { authorization } from '../../../../../src/arm/providers/Microsoft.Authorization/authorization.ts';
import { azureLimits } from '../../../../../src/arm/providers/Microsoft.Authorization/authorization-context.ts';
import { builtInRoles } from '../../../../../src/arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import { tendSchedules } from '../../../../../src/arm/providers/Microsoft.Authorization/schedules/tend-schedules.ts';
import type { ActivityEvent } from '../../../../../src/core/activity/event.ts';
import type { Json, JsonObject } from '../../../../../src/core/json.ts';
import type { Directory } from '../../../../../src/core/ports/directory.ts';
import { documentKey, type Store } from '../../../../../src/core/ports/store.ts';
import type { Refusal } from '../../../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../../../src/core/time.ts';
import type { Actor } from '../../../../../src/core/token/actor.ts';
import { systemRandom } from '../../../../../src/host/system.ts';
import { openSqliteStore } from '../../../../../src/store/sqlite/sqlite-store.ts';
import { admin, group1, group10, machine, person, subscription, tenantId, vm } from '../provider-under-test.ts';

export const start = Date.UTC(2026, 10, 24, 9, 0, 0);
export const minute = 60_000;
export const hour = 60 * minute;
export const restartAction = 'Microsoft.Compute/virtualMachines/restart/action';
export const alice: Actor = { userName: 'alice', uid: 1001, machineResourceId: vm };
export const bob: Actor = { userName: 'bob', uid: 1002, machineResourceId: vm };

export interface Asked {
  readonly scope?: string;
  readonly name?: string;
  readonly action?: 'cancel' | 'validate';
  readonly properties?: JsonObject;
  readonly body?: Json;
  readonly filter?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly caller?: string;
  readonly actor?: Actor;
  readonly params?: Readonly<Record<string, string>>;
}

/** A clock that tests set, and timers that ring when it has come so far. */
export function testTime() {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    clock: { now: () => now as EpochMillis },
    timer: (callback: () => void, millis: number) => {
      const one = { at: now + millis, callback };
      timers.add(one);
      return () => void timers.delete(one);
    },
    set: (to: number) => {
      now = to;
    },
    waiting: () => timers.size,
    ring: () => {
      for (const one of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(one);
        one.callback();
      }
    },
  };
}

export type TestTime = ReturnType<typeof testTime>;

/** The provider, its authorizer and activity log over a store, as one process holds them; `stop` leaves the store. */
export async function openSchedules(store: Store, time: TestTime = testTime(), limits = azureLimits) {
  const directory = {
    tenant: { tenantId, displayName: '', defaultDomain: '', createdAt: 0 as EpochMillis },
    principalType: (id: string) =>
      id === person ? 'User' : [machine, admin].includes(id) ? 'ServicePrincipal' : undefined,
    groupsOf: () => [],
    servicePrincipal: (id: string) => ({ objectId: id, displayName: id === machine ? 'web-1' : 'other', appRoles: [] }),
  } as unknown as Directory;
  const { clock } = time;
  const hierarchy = await openScopeHierarchy(store, tenantId);
  const authorizer = await openAuthorizer({ store, directory, roles: builtInRoles, hierarchy });
  const activityLog = openActivityLog({ store, clock });
  const ports = { store, directory, authorizer, hierarchy, activityLog, clock, random: systemRandom };
  const parts = { register: authorizer, limits, catalog: async () => [] };
  const context = { ...(ports as Partial<ProviderContext> as ProviderContext), ...parts };
  const provider = authorization(context, parts);
  const errors: unknown[] = [];
  const tended = await tendSchedules({ context, timer: time.timer, report: (error) => errors.push(error) });
  const send = (type: string, method: string, asked: Asked) => {
    const operation = operationOf(provider, type, method, asked);
    return operation.handle(callOf(type, asked, clock.now()));
  };
  /** Whether a list is answered to who lacks the permission to read it. */
  const listsWithout = (type: string, filter: string) =>
    operationOf(provider, type, 'GET', {}).mayWithout?.(callOf(type, { filter }, clock.now()));
  const may = (action = restartAction, scope = vm, actor?: Actor) =>
    authorizer.decide({
      principalId: machine,
      action,
      scope,
      facts: { now: clock.now(), machineResourceId: vm, ...(actor === undefined ? {} : { actor }) },
    }).allowed;
  return {
    context,
    time,
    store,
    send,
    listsWithout,
    may,
    errors,
    /** Sets the clock and lets the timers ring that are due by it. */
    async go(to: number) {
      time.set(to);
      time.ring();
      await tended.settled();
    },
    settle: () => tended.settled(),
    assignments: async () => listedOf(await send('roleAssignments', 'GET', { scope: group1 })),
    events: async (): Promise<readonly ActivityEvent[]> => {
      const query = { subscriptionId: subscription.split('/')[2] ?? '', from: 0 as EpochMillis, limit: 1000 };
      const page = await activityLog.query({ ...query, to: Number.MAX_SAFE_INTEGER as EpochMillis });
      assert.ok('events' in page);
      return page.events.toReversed();
    },
    stop: () => {
      tended.close();
      authorizer.close();
      hierarchy.close();
    },
  };
}

export type OpenSchedules = Awaited<ReturnType<typeof openSchedules>>;

/** A store that holds a subscription, two groups and a machine. */
export async function openStore(): Promise<Store> {
  const store = openSqliteStore({ file: ':memory:' });
  await store.transact([subscription, group1, group10, vm].map((id) => ({ put: documentKey(id), body: { id } })));
  return store;
}

/** Runs work over an open provider. */
export async function withSchedules(work: (open: OpenSchedules) => Promise<void>): Promise<void> {
  const store = await openStore();
  const open = await openSchedules(store);
  try {
    await work(open);
    assert.deepEqual(open.errors, []);
  } finally {
    open.stop();
    await store.close();
  }
}

function operationOf(provider: Provider, type: string, method: string, { name, action, params }: Asked) {
  const last = params?.['stageId'] !== undefined ? /stages\/\{stageId\}$/ : named(name, action);
  const operations = provider.resourceTypes.find((one) => one.type === type)?.operations ?? [];
  const found = operations.find((one) => one.method === method && last.test(one.path));
  assert.ok(found, `${method} ${type}`);
  return found;
}

function named(name: string | undefined, action: string | undefined): RegExp {
  if (action !== undefined) return new RegExp(`/${action}$`);
  return name === undefined ? /[^}]$/ : /\}$/;
}

function callOf(type: string, asked: Asked, now: EpochMillis): Call {
  const { scope = group1, name = '', action, properties, filter, query = {}, caller = admin, actor } = asked;
  const above = `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/${type}`;
  const parts = [above, name, action].filter((part) => part !== undefined && part !== '');
  return {
    caller: { objectId: caller, appId: 'client', ...(actor === undefined ? {} : { actor }) } as Call['caller'],
    params: { scope, scheduleRequestName: name, ...asked.params },
    resourceId: parts.join('/'),
    apiVersion: '2022-04-01',
    query: new Map(Object.entries({ ...query, ...(filter === undefined ? {} : { $filter: filter }) })),
    body: properties === undefined ? asked.body : { properties },
    now,
    facts: { now },
    origin: 'https://localhost:8443',
    correlationId: 'c',
    link: (query) => `?${new URLSearchParams(query)}`,
  };
}

/** The properties of an answer's body, which must not be a refusal. */
export function propertiesOf(answer: Answer | Refusal): JsonObject {
  assert.ok(!('refused' in answer), 'refused' in answer ? `${answer.refused}: ${answer.message}` : '');
  return (answer.body as { readonly properties: JsonObject }).properties;
}

/** The `value` of a list. */
export function listedOf(answer: Answer | Refusal): readonly ({ readonly properties: JsonObject } & JsonObject)[] {
  assert.ok(!('refused' in answer), 'refused' in answer ? `${answer.refused}: ${answer.message}` : '');
  return (answer.body as unknown as { readonly value: readonly ({ readonly properties: JsonObject } & JsonObject)[] })
    .value;
}
