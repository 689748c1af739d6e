import { roleAssignmentWrites } from '../arm/providers/Microsoft.Authorization/role-assignments/role-assignment-writes.ts';
import { ownerRoleId } from '../arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import { seedSubscription } from '../arm/providers/Microsoft.Resources/subscription.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Random } from '../core/ports/random.ts';
import { documentKey, type Store } from '../core/ports/store.ts';
import { type AdminCredentials, ensureAdmin } from './admin.ts';
import { seedConsole } from './seed-console.ts';
import type { DirectoryOf } from './services.ts';

/** What the first start makes, and every start finds. */
export interface Seeded {
  readonly subscriptionId: string;
  readonly admin: AdminCredentials;
}

/** What seeding needs. */
export interface SeedPorts {
  readonly store: Store;
  readonly directory: DirectoryOf;
  readonly clock: Clock;
  readonly random: Random;
  /** Where the administrator's secret is kept. */
  readonly credentialsFile: string;
}

const seedKey = documentKey('/host/seed');

/**
 * Makes the subscription and an administrator who owns it. Every step looks first at what is there, and the last one says
 * that it is complete: a crash between two is repaired by the next start, and what was taken away later stays away.
 */
export async function seed(ports: SeedPorts): Promise<Seeded> {
  const { store, directory, clock, random } = ports;
  const subscriptionId = await ensureSubscriptionId(store, random);
  const admin = await ensureAdmin(directory, ports.credentialsFile);
  if (await isComplete(store)) return { subscriptionId, admin };
  await seedSubscription(store, { subscriptionId, tenantId: directory.tenant.tenantId });
  await assignOwner({ ...ports, clock }, subscriptionId, admin.objectId);
  return { subscriptionId, admin };
}

/** Makes what an administrator makes through the front door: the built-in machine. `fetch` is the one origin's. */
export async function seedThroughTheDoor(
  ports: SeedPorts,
  seeded: Seeded,
  door: { readonly origin: string; readonly fetch: (request: Request) => Response | Promise<Response> },
): Promise<void> {
  if (await isComplete(ports.store)) return;
  const principalId = await seedConsole({ ...door, ...seeded, tenantId: ports.directory.tenant.tenantId });
  await ports.directory.grantAppRole(principalId, 'Directory.Read.All');
  await assignOwner(ports, seeded.subscriptionId, principalId);
  const body = { ...(await ports.store.get(seedKey))?.body, complete: true };
  await ports.store.transact([{ put: seedKey, body }]);
}

/** The subscription's id is chosen before anything is made below it. */
async function ensureSubscriptionId(store: Store, random: Random): Promise<string> {
  const body = { subscriptionId: random.uuid() };
  await store.transact([{ put: seedKey, body, when: { absent: true } }]);
  return String((await store.get(seedKey))?.body['subscriptionId']);
}

async function isComplete(store: Store): Promise<boolean> {
  return (await store.get(seedKey))?.body['complete'] === true;
}

/** The assignment's name is the principal's id: a second try writes the same documents again. */
async function assignOwner({ store, clock }: SeedPorts, subscriptionId: string, principalId: string): Promise<void> {
  const assignment = {
    scope: `/subscriptions/${subscriptionId}`,
    roleDefinitionId: ownerRoleId,
    principalId,
    principalType: 'ServicePrincipal',
    name: principalId,
    now: clock.now(),
    createdBy: '',
  } as const;
  await store.transact(roleAssignmentWrites(assignment));
}
