import { type ResourceManagerApp, resourceManagerApp } from '../../../../src/arm/app.ts';
import { openAuthorizer } from '../../../../src/arm/authorize/open-authorizer.ts';
import { openScopeHierarchy } from '../../../../src/arm/containers/scope-hierarchy.ts';
import { catalogOf } from '../../../../src/arm/generic/catalog.ts';
import type { Provider, ProviderContext } from '../../../../src/arm/provider-contract.ts';
import type { AuthorizationContext } from '../../../../src/arm/providers/Microsoft.Authorization/authorization-context.ts';
import { denyAssignments } from '../../../../src/arm/providers/Microsoft.Authorization/deny-assignments.ts';
import { locks } from '../../../../src/arm/providers/Microsoft.Authorization/locks.ts';
import { roleAssignmentWrites } from '../../../../src/arm/providers/Microsoft.Authorization/role-assignments/role-assignment-writes.ts';
import {
  builtInRoles,
  ownerRoleId,
} from '../../../../src/arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import { resources } from '../../../../src/arm/providers/Microsoft.Resources/provider.ts';
import { seedSubscription } from '../../../../src/arm/providers/Microsoft.Resources/subscription.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { MachineHost } from '../../../../src/core/ports/machine-host.ts';
import type { Store } from '../../../../src/core/ports/store.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/sqlite-store.ts';
import { type Ask, askDoor, origin, subscription, type Told } from '../../kit/door.ts';
import * as ports from '../../kit/ports.ts';
import { propertiesOf, templateOf } from '../deployments/deploying.ts';

export const contributorRoleId = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
export const group = `${subscription}/resourceGroups/rg1`;
/** An owner whom stacks are told to spare. */
export const spared = 'aaaaaaaa-0000-4000-8000-000000000001';
/** An object id that nobody has. */
export const nobody = 'ffffffff-0000-4000-8000-000000000009';

export const stackId = (name: string, scope = group) =>
  `${scope}/providers/Microsoft.Resources/deploymentStacks/${name}`;

/** The body of a stack that deploys some resources. */
export function stackOf(resources: readonly JsonObject[], mode = 'denyDelete', more: JsonObject = {}): JsonObject {
  const { denySettings = {}, ...properties } = more as { readonly denySettings?: JsonObject };
  return {
    properties: {
      actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete' },
      denySettings: { mode, ...denySettings },
      template: templateOf({ resources }),
      ...properties,
    },
  };
}

/** A resource manager that decides by the real rules: `admin` and `spared` own the subscription, `writer` contributes to it. */
export interface StackingDoor {
  readonly app: ResourceManagerApp;
  readonly store: Store;
  ask(method: string, path: string, ask?: Ask): Promise<Told>;
  /** Deploys a stack and answers what it came to: the answer to GET at its end, or the refusal. */
  stack(name: string, body: JsonObject, ask?: Ask & { readonly scope?: string }): Promise<Told>;
  /** Asks and waits for the end of what was set going. */
  settle(method: string, path: string, ask?: Ask): Promise<Told>;
  denials(scope?: string): Promise<readonly JsonObject[]>;
  /** A second door over the same store, as after a restart. */
  reopened(): ResourceManagerApp;
  close(): Promise<void>;
}

export async function openStacking(): Promise<StackingDoor> {
  const { tenantId, subscriptionId } = ports;
  const store = openSqliteStore({ file: ':memory:' });
  await seedSubscription(store, { subscriptionId, tenantId });
  const people = ['admin', 'writer', spared];
  const principals = new Map(people.map((name) => [name, ports.application(name)]));
  const known = ports.tableDirectory(principals);
  const directory = {
    ...known,
    principalType: (id: string) => (principals.has(id) ? ('ServicePrincipal' as const) : undefined),
  };
  const hierarchy = await openScopeHierarchy(store, tenantId);
  const authorizer = await openAuthorizer({ store, directory, roles: builtInRoles, hierarchy });
  const random = ports.countingRandom();
  const context: ProviderContext = {
    store,
    directory,
    hierarchy,
    authorizer,
    activityLog: ports.listLog([]),
    machineHost: {} as MachineHost,
    scheduledEvents: ports.silentEvents,
    clock: { now: () => ports.startMillis },
    random,
  };
  for (const [principalId, roleDefinitionId] of [
    ['admin', ownerRoleId],
    [spared, ownerRoleId],
    ['writer', contributorRoleId],
  ] as const) {
    const own = { name: random.uuid(), now: ports.startMillis, createdBy: '' };
    const assigned = { scope: subscription, roleDefinitionId, principalId, principalType: 'ServicePrincipal' as const };
    await store.transact(roleAssignmentWrites({ ...assigned, ...own }));
  }
  const build = (): ResourceManagerApp => {
    const providers: readonly Provider[] = [
      resources(context, { providers: () => providers, catalog: catalogOf(() => providers), inner: () => made.inner }),
      {
        namespace: 'Microsoft.Authorization',
        resourceTypes: [denyAssignments(context as AuthorizationContext), locks(store)],
      },
    ];
    const made: ResourceManagerApp = resourceManagerApp({
      context,
      providers,
      verifier: ports.tableVerifier(new Map(people.map((name) => [name, ports.tokenOf(name)]))),
      machines: ports.tableMachines(new Map()),
      origin: () => origin,
      tenantId,
      report: (_, error) => console.error(error),
    });
    return made;
  };
  const app = build();
  const ask = (method: string, path: string, more: Ask = {}) => {
    const version = path.includes('denyAssignments') ? '2022-04-01' : '2024-03-01';
    return askDoor(app, method, `${path}${path.includes('?') ? '&' : '?'}api-version=${version}`, {
      token: 'admin',
      ...more,
    });
  };
  for (const name of ['rg1', 'rg10']) {
    await ask('PUT', `${subscription}/resourceGroups/${name}`, { body: { location: 'eastus' } });
  }
  const settle = async (method: string, path: string, more: Ask = {}) => {
    const told = await ask(method, path, more);
    await app.idle();
    return told;
  };
  return {
    app,
    store,
    ask,
    settle,
    stack: async (name, body, { scope = group, ...more } = {}) => {
      const begun = await settle('PUT', stackId(name, scope), { body, ...more });
      return begun.status >= 400 ? begun : ask('GET', stackId(name, scope));
    },
    denials: async (scope = group) => {
      const { json } = await ask('GET', `${scope}/providers/Microsoft.Authorization/denyAssignments`);
      return json['value'] as readonly JsonObject[];
    },
    reopened: build,
    close: async () => {
      await app.drain();
      authorizer.close();
      hierarchy.close();
      await store.close();
    },
  };
}

/** The ids, with status and deny status, of what a stack manages; names alone of the ids. */
export function managedBy(told: Told): readonly string[] {
  const listed = propertiesOf(told)['resources'] as readonly JsonObject[];
  return listed.map(({ id, status, denyStatus }) => `${String(id).split('/').at(-1)} ${status} ${denyStatus}`);
}

/** The names of what a stack tells of one of its lists. */
export function namesOf(told: Told, list: string): readonly string[] {
  return (propertiesOf(told)[list] as readonly JsonObject[]).map(({ id }) => String(id).split('/').at(-1) ?? '');
}
