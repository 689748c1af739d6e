import { type ResourceManagerApp, resourceManagerApp } from '../../../../src/arm/app.ts';
import { openAuthorizer } from '../../../../src/arm/authorize/open-authorizer.ts';
import { openScopeHierarchy } from '../../../../src/arm/containers/scope-hierarchy.ts';
import type { Provider, ProviderContext } from '../../../../src/arm/provider-contract.ts';
import { locks } from '../../../../src/arm/providers/Microsoft.Authorization/locks.ts';
import { roleAssignmentWrites } from '../../../../src/arm/providers/Microsoft.Authorization/role-assignments/role-assignment-writes.ts';
import {
  builtInRoles,
  ownerRoleId,
} from '../../../../src/arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import { management } from '../../../../src/arm/providers/Microsoft.Management/provider.ts';
import { resources } from '../../../../src/arm/providers/Microsoft.Resources/provider.ts';
import { seedSubscription } from '../../../../src/arm/providers/Microsoft.Resources/subscription.ts';
import { subscriptions } from '../../../../src/arm/providers/Microsoft.Subscription/provider.ts';
import type { MachineHost } from '../../../../src/core/ports/machine-host.ts';
import type { PlanOwner } from '../../../../src/core/ports/plan-owner.ts';
import type { Store } from '../../../../src/core/ports/store.ts';
import type { EpochMillis } from '../../../../src/core/time.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/sqlite-store.ts';
import { type Ask, askDoor, origin, type Told } from '../../kit/door.ts';
import * as ports from '../../kit/ports.ts';

export const readerRoleId = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

/**
 * A tenant with the real authorizer: `admin` owns the subscription, `root` owns the root management group, `other` has no role,
 * nor has `machine`, a managed identity.
 */
export interface Governed {
  readonly app: ResourceManagerApp;
  readonly store: Store;
  readonly context: ProviderContext;
  readonly tenantId: string;
  readonly subscriptionId: string;
  ask(method: string, path: string, ask?: Ask): Promise<Told>;
  /** GET of an absolute link. */
  follow(link: string): Promise<Told>;
  decide(principalId: string, action: string, scope: string): boolean;
  assign(principalId: string, roleDefinitionId: string, scope: string): Promise<void>;
  /** Lets time pass. */
  advance(millis: number): void;
  close(): Promise<void>;
}

/** Opens one over a store in memory. */
export async function openGoverned(): Promise<Governed> {
  const { tenantId, subscriptionId } = ports;
  const store = openSqliteStore({ file: ':memory:' });
  await seedSubscription(store, { subscriptionId, tenantId });
  const people = ['admin', 'root', 'other', 'machine'];
  const managed = { servicePrincipalType: 'ManagedIdentity', alternativeNames: ['isExplicit=True'] } as const;
  const principals = new Map(people.map((name) => [name, ports.application(name, name === 'machine' ? managed : {})]));
  const identity = {
    identityResourceId:
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i',
  };
  const tokens = new Map(people.map((name) => [name, ports.tokenOf(name, name === 'machine' ? identity : {})]));
  const directory = ports.tableDirectory(principals);
  const hierarchy = await openScopeHierarchy(store, tenantId);
  const authorizer = await openAuthorizer({ store, directory, roles: builtInRoles, hierarchy });
  const random = ports.countingRandom();
  let now = ports.startMillis;
  const context: ProviderContext = {
    store,
    directory,
    hierarchy,
    authorizer,
    activityLog: ports.listLog([]),
    machineHost: {} as MachineHost,
    scheduledEvents: ports.silentEvents,
    clock: { now: () => now },
    random,
  };
  const planOwner: PlanOwner = (owner) => assignmentOf(owner.principalId, ownerRoleId, owner.scope);
  const assignmentOf = (principalId: string, roleDefinitionId: string, scope: string) =>
    roleAssignmentWrites({
      scope,
      roleDefinitionId,
      principalId,
      principalType: 'ServicePrincipal',
      name: random.uuid(),
      now: ports.startMillis,
      createdBy: '',
    });
  const providers: readonly Provider[] = [
    resources(context, { providers: () => providers, inner: () => app.inner }),
    management(context, planOwner),
    subscriptions(context, planOwner),
    { namespace: 'Microsoft.Authorization', resourceTypes: [locks(store)] },
  ];
  const app: ResourceManagerApp = resourceManagerApp({
    context,
    providers,
    verifier: ports.tableVerifier(tokens),
    machines: ports.tableMachines(new Map()),
    origin: () => origin,
    tenantId,
    report: (_, error) => console.error(error),
  });
  const ask = (method: string, path: string, more: Ask = {}) =>
    askDoor(app, method, withVersion(path), { token: 'admin', ...more });
  const assign = async (principalId: string, role: string, scope: string) =>
    void (await store.transact(assignmentOf(principalId, role, scope)));
  await assign('admin', ownerRoleId, `/subscriptions/${subscriptionId}`);
  await assign('root', ownerRoleId, hierarchy.root);
  return {
    app,
    store,
    context,
    tenantId,
    subscriptionId,
    ask,
    assign,
    advance: (millis) => {
      now = (now + millis) as EpochMillis;
    },
    follow: (link) => askDoor(app, 'GET', link.replace(origin, ''), { token: 'admin' }),
    decide: (principalId, action, scope) => authorizer.decide({ principalId, action, scope }).allowed,
    close: async () => {
      await app.drain();
      authorizer.close();
      hierarchy.close();
      await store.close();
    },
  };
}

function withVersion(path: string): string {
  const version =
    path.includes('/Microsoft.Management') || path.includes('/Microsoft.Subscription') ? '2021-04-01' : '2022-12-01';
  return `${path}${path.includes('?') ? '&' : '?'}api-version=${version}`;
}
