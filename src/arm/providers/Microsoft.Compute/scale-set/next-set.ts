import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { mergePatch } from '../../../../core/merge-patch.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import type { Tags } from '../../../../core/tags.ts';
import { propertiesOf } from '../machine-document.ts';
import { fill, partOf } from '../machine-properties.ts';
import { changeNotAllowed } from '../machine-refusals.ts';
import { defaultAdministrator, parseAccounts } from '../machine-users.ts';
import { countersOf, skuOf } from './set-document.ts';
import type { SetRequest } from './set-request.ts';

/** What a request makes of a set, its identities apart. `body` has the counters of before. */
export interface NextSet {
  readonly body: JsonObject;
  readonly capacity: number;
}

/** What a set has that its request does not say: as with machines, a location alone makes one (our own choice). */
export const defaultSet: JsonObject = {
  sku: { name: 'Standard_B1s', tier: 'Standard', capacity: 1 },
  properties: {
    singlePlacementGroup: false,
    orchestrationMode: 'Uniform',
    upgradePolicy: { mode: 'Manual' },
    overprovision: false,
    platformFaultDomainCount: 5,
    virtualMachineProfile: { osProfile: { adminUsername: defaultAdministrator } },
  },
};

/**
 * The set as a request leaves it. What a PUT leaves out stays, as the CLI's `vmss scale` sends a size and a number alone.
 * Where its machines' model changes, the model's number does. Refuses `PropertyChangeNotAllowed` and users and groups against the rules.
 */
export function nextSet(asked: SetRequest, before: JsonObject, method: 'PUT' | 'PATCH'): NextSet | Refusal {
  const current = propertiesOf(before);
  const merged = method === 'PATCH' ? mergePatch(current, asked.properties) : replace(asked.properties, current);
  const sku = { ...skuOf(before), ...asked.sku };
  const tags = asked.tags ?? (before['tags'] as Tags | undefined);
  const administrator = administratorOf(merged);
  // Before it is made, what it has are defaults.
  const isFixed = before['id'] !== undefined && administrator !== administratorOf(current);
  if (isFixed) return changeNotAllowed('osProfile.adminUsername');
  const accounts = parseAccounts(String(administrator), tags ?? {});
  if (isRefusal(accounts)) return accounts;
  const body = { ...before, ...asked.others, sku, ...(tags === undefined ? {} : { tags }), properties: merged };
  const { model } = countersOf(before);
  const properties = { ...merged, model: isSameModel(before, body) ? model : model + 1 };
  return { body: { ...body, properties }, capacity: sku.capacity };
}

function administratorOf(properties: JsonObject): Json | undefined {
  return partOf(partOf(properties, 'virtualMachineProfile'), 'osProfile')['adminUsername'];
}

/** A PUT's profile replaces the old one, but for its machines' names and image, which stay where it does not say. */
function replace(asked: JsonObject, current: JsonObject): JsonObject {
  const profile = asked['virtualMachineProfile'];
  const filled = isJsonObject(profile) ? { ...asked, virtualMachineProfile: keepNames(profile, current) } : asked;
  return { ...current, ...filled };
}

function keepNames(profile: JsonObject, current: JsonObject): JsonObject {
  const before = partOf(current, 'virtualMachineProfile');
  const lasting = { osProfile: partOf(before, 'osProfile'), storageProfile: partOf(before, 'storageProfile') };
  const hidden = 'userData' in before ? { userData: before['userData'] ?? null } : {};
  return { ...hidden, ...fill(profile, lasting) };
}

function isSameModel(one: JsonObject, other: JsonObject): boolean {
  return modelOf(one) === modelOf(other);
}

function modelOf(set: JsonObject): string {
  const profile = partOf(propertiesOf(set), 'virtualMachineProfile');
  return JSON.stringify([skuOf(set).name, profile, set['tags'] ?? null]);
}
