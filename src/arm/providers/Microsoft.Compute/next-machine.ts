import type { JsonObject } from '../../../core/json.ts';
import { mergePatch } from '../../../core/merge-patch.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import { parseTags, type Tags } from '../../../core/tags.ts';
import { propertiesOf } from './machine-document.ts';
import { defaultProperties, fill, partOf } from './machine-properties.ts';
import { changeNotAllowed } from './machine-refusals.ts';
import type { MachineRequest } from './machine-request.ts';
import { parseAccounts } from './machine-users.ts';

/** What a request makes of a machine that is there, its identities apart. */
export interface NextMachine {
  readonly properties: JsonObject;
  readonly tags: Tags | undefined;
  readonly others: JsonObject;
}

const lastingProfiles = ['hardwareProfile', 'storageProfile', 'osProfile'];

/**
 * The machine as a request leaves it. What a PUT leaves out and was fixed when the machine was made stays: its names, its
 * image, its disk. Refuses `PropertyChangeNotAllowed` for a change of those, and users and groups against the rules.
 */
export function nextMachine(asked: MachineRequest, before: JsonObject, method: 'PUT' | 'PATCH'): NextMachine | Refusal {
  const current = propertiesOf(before);
  const lasting = Object.fromEntries(lastingProfiles.map((profile) => [profile, partOf(current, profile)]));
  const merged =
    method === 'PATCH'
      ? mergePatch(current, asked.properties)
      : {
          // A client cannot send back what it is not shown.
          ...('userData' in current ? { userData: current['userData'] ?? null } : {}),
          ...fill(fill(asked.properties, lasting), defaultProperties(String(before['name']), '', current)),
        };
  const properties = { ...merged, vmId: current['vmId'] ?? null, timeCreated: current['timeCreated'] ?? null };
  const fixed = judgeFixed(current, properties);
  if (fixed !== undefined) return fixed;
  const tags =
    asked.tags ?? (method === 'PATCH' && before['tags'] !== undefined ? parseTags(before['tags']) : undefined);
  if (isRefusal(tags)) return tags;
  const accounts = parseAccounts(String(partOf(properties, 'osProfile')['adminUsername']), tags ?? {});
  return isRefusal(accounts) ? accounts : { properties, tags, others: asked.others };
}

function judgeFixed(before: JsonObject, after: JsonObject): Refusal | undefined {
  for (const name of ['computerName', 'adminUsername']) {
    if (partOf(before, 'osProfile')[name] !== partOf(after, 'osProfile')[name])
      return changeNotAllowed(`osProfile.${name}`);
  }
  const image = (properties: JsonObject): JsonObject => partOf(partOf(properties, 'storageProfile'), 'imageReference');
  const changed = ['publisher', 'offer', 'sku', 'id'].some((name) => image(before)[name] !== image(after)[name]);
  return changed ? changeNotAllowed('storageProfile.imageReference') : undefined;
}
