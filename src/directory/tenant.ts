import type { JsonObject } from '../core/json.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Tenant } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import { documentKey, type Store } from '../core/ports/store.ts';
import type { EpochMillis } from '../core/time.ts';

const tenantKey = documentKey('/directory/tenant');

/** The directory's tenant; made when there is none. Of two processes that start at once, one makes it and both use it. */
export async function openTenant(ports: {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
}): Promise<Tenant> {
  const existing = await ports.store.get(tenantKey);
  if (existing !== undefined) return parseTenant(existing.body);
  const made: Tenant = {
    tenantId: ports.random.uuid(),
    displayName: 'Postern',
    defaultDomain: 'postern.onmicrosoft.com',
    createdAt: ports.clock.now(),
  };
  await ports.store.transact([{ put: tenantKey, body: { ...made }, when: { absent: true } }]);
  const stored = await ports.store.get(tenantKey);
  if (stored === undefined) throw new Error('the tenant was written and cannot be read back');
  return parseTenant(stored.body);
}

function parseTenant({ tenantId, displayName, defaultDomain, createdAt }: JsonObject): Tenant {
  return {
    tenantId: String(tenantId),
    displayName: String(displayName),
    defaultDomain: String(defaultDomain),
    createdAt: Number(createdAt) as EpochMillis,
  };
}
