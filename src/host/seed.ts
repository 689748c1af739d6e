import { roleAssignmentWrites } from '../arm/providers/Microsoft.Authorization/role-assignments/role-assignment-writes.ts';
import { ownerRoleId } from '../arm/providers/Microsoft.Authorization/role-definitions/built-in-roles.ts';
import { putGroup } from '../arm/providers/Microsoft.Management/root-group.ts';
import { seedSubscription } from '../arm/providers/Microsoft.Resources/subscription.ts';
import { rootManagementGroup } from '../core/management/management-group.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Random } from '../core/ports/random.ts';
import { documentKey, type Store, type Write } from '../core/ports/store.ts';
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

/** How far the seeding has come. */
interface Progress {
  readonly subscriptionId: string;
  readonly hasAdministrator: boolean;
  readonly hasConsole: boolean;
}

/**
 * Makes the root management group, the subscription and an administrator who owns it. A step is marked when it is complete and does the same again
 * until then: a crash between two is repaired by the next start, and what was taken away later stays away.
 */
export async function seed(ports: SeedPorts): Promise<Seeded> {
  const { store, directory, random } = ports;
  const progress = await readProgress(store, random);
  const { subscriptionId } = progress;
  const { tenantId } = directory.tenant;
  const admin = await ensureAdmin(directory, ports.credentialsFile);
  if (!progress.hasAdministrator) {
    await seedSubscription(store, { subscriptionId, tenantId });
    await assignOwner(ports, subscriptionId, admin.objectId);
    const root = putGroup(rootManagementGroup(tenantId, ports.clock.now()));
    await keepProgress(store, { ...progress, hasAdministrator: true }, [root]);
  }
  return { subscriptionId, admin };
}

/**
 * Makes what an administrator makes through the front door: the built-in machine, which owns the subscription too. Answers
 * why it could not: a later start, on a host that can, tries again. `fetch` is the one origin's.
 */
export async function seedThroughTheDoor(
  ports: SeedPorts,
  seeded: Seeded,
  door: { readonly origin: string; readonly fetch: (request: Request) => Response | Promise<Response> },
): Promise<{ readonly refused: string } | undefined> {
  const { store, directory, random } = ports;
  const progress = await readProgress(store, random);
  if (progress.hasConsole) return undefined;
  const made = await seedConsole({ ...door, ...seeded, tenantId: directory.tenant.tenantId });
  if ('refused' in made) return made;
  await directory.grantAppRole(made.principalId, 'Directory.Read.All');
  await assignOwner(ports, seeded.subscriptionId, made.principalId);
  await keepProgress(store, { ...progress, hasConsole: true });
  return undefined;
}

/** The subscription's id is chosen before anything is made below it. */
async function readProgress(store: Store, random: Random): Promise<Progress> {
  const first: Progress = { subscriptionId: random.uuid(), hasAdministrator: false, hasConsole: false };
  const stored = await store.get(seedKey);
  if (stored !== undefined) return stored.body as unknown as Progress;
  await keepProgress(store, first);
  return first;
}

async function keepProgress(store: Store, progress: Progress, made: readonly Write[] = []): Promise<void> {
  await store.transact([{ put: seedKey, body: { ...progress } }, ...made]);
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
