// Decisions a second for a principal in 200 nested groups against one in none, through the authorizer, the directory and the
// store as they are when Postern runs.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthorizer } from '../src/arm/authorize/open-authorizer.ts';
import { documentKey, type Write } from '../src/core/ports/store.ts';
import { openDirectory } from '../src/directory/directory.ts';
import { systemClock, systemRandom } from '../src/host/system.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { median } from './http/pairs.ts';

const goal = 0.5;
const nested = 200;
const subscription = '/subscriptions/6c4b7c0e-0000-4000-a000-000000000001';
const scope = `${subscription}/resourceGroups/bench/providers/Microsoft.Compute/virtualMachines/web-1`;
const action = 'Microsoft.Compute/virtualMachines/read';

const reader = {
  id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  roleName: 'Reader',
  type: 'BuiltInRole',
  description: '',
  assignableScopes: ['/'],
  permissions: [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }],
} as const;

/** Measures in turns; the median of the rounds' ratios counts. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-groups-'));
  const store = openSqliteStore({ file: join(folder, 'store.db') });
  try {
    const { member, alone, decide } = await openWorld(store);
    const [rounds, millis] = short ? [5, 200] : [15, 500];
    const ratios: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const [without, within] = [measure(() => decide(alone), millis), measure(() => decide(member), millis)];
      // The first round warms up.
      if (round === 0) continue;
      ratios.push(within / without);
      console.log(
        `in no group ${without.toFixed(0)}/s  in ${nested} ${within.toFixed(0)}/s  ratio ${(within / without).toFixed(2)}`,
      );
    }
    console.log(`groups ratio=${median(ratios).toFixed(2)} goal=${goal.toFixed(2)}`);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/**
 * Two identities that may read: one by an assignment of its own, one by that of the outermost of its groups. Its other groups have
 * assignments too, each at a resource group of its own.
 */
async function openWorld(store: ReturnType<typeof openSqliteStore>) {
  const ports = { store, clock: systemClock, random: systemRandom };
  const directory = await openDirectory(ports);
  const authorizer = await openAuthorizer({ store, directory, roles: [reader], hierarchy: { ancestorsOf: () => [] } });
  const identities = ['member', 'alone'].map((displayName) =>
    directory.planManagedIdentity({ resourceId: `/x/${displayName}`, displayName, isExplicit: true }),
  );
  const [member = '', alone = ''] = identities.map(({ principal }) => principal.objectId);
  const chain = [member, ...Array.from({ length: nested }, () => systemRandom.uuid())];
  const memberships = chain.slice(1).map((group, at) => directory.memberships.planAddition(group, chain[at] ?? ''));
  const elsewhere = chain
    .slice(1, -1)
    .map((group, at) => assignReader(group, `${subscription}/resourceGroups/rg-${at}`));
  const assignments = [...[alone, chain.at(-1) ?? ''].map((id) => assignReader(id, subscription)), ...elsewhere];
  await store.transact([...identities.flatMap(({ writes }) => writes), ...memberships, ...assignments]);
  const decide = (principalId: string) => {
    if (!authorizer.decide({ principalId, action, scope }).allowed) throw new Error(`${principalId} may not read`);
  };
  if (directory.groupsOf(member).length !== nested) throw new Error('the groups are not nested');
  return { member, alone, decide };
}

function assignReader(principalId: string, at: string): Write {
  const name = systemRandom.uuid();
  const id = `${at}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${reader.id}`;
  const properties = { roleDefinitionId, principalId, principalType: 'ServicePrincipal', scope: at };
  return { put: documentKey(id), body: { id, name, properties } };
}

/** Completions a second. */
function measure(work: () => void, millis: number): number {
  const start = performance.now();
  let done = 0;
  for (; performance.now() - start < millis; done += 100) for (let at = 0; at < 100; at += 1) work();
  return done / ((performance.now() - start) / 1000);
}
