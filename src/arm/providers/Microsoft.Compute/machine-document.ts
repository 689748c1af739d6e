import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { MachineSpec } from '../../../core/ports/machine-host.ts';
import { type Document, type DocumentKey, documentKey } from '../../../core/ports/store.ts';
import { isRefusal } from '../../../core/refusal.ts';
import { foldId, nameOf } from '../../../core/resource-id.ts';
import { parseTags } from '../../../core/tags.ts';
import { hostnameOf } from './machine-name.ts';
import { partOf } from './machine-properties.ts';
import { parseAccounts } from './machine-users.ts';

/** Where a machine's resource is kept. */
export function machineKey(resourceId: string): DocumentKey {
  return documentKey(foldId(resourceId));
}

/** The `properties` of a stored machine. */
export function propertiesOf(body: JsonObject): JsonObject {
  return partOf(body, 'properties');
}

/** The machine's own id, new with each machine of a name. */
export function vmIdOf(body: JsonObject): string {
  return String(propertiesOf(body)['vmId']);
}

/** `Creating`, `Updating`, `Succeeded`, `Failed` or `Deleting`. */
export function stateOf(body: JsonObject): string {
  return String(propertiesOf(body)['provisioningState']);
}

/** The machine in another provisioning state. */
export function inState(body: JsonObject, provisioningState: string): JsonObject {
  return { ...body, properties: { ...propertiesOf(body), provisioningState } };
}

/** What the machine host must make of a stored machine. The host name takes effect when it next starts. */
export function specOf({ body }: Document): MachineSpec {
  const profile = partOf(propertiesOf(body), 'osProfile');
  const tags = parseTags(body['tags']);
  const administrator = String(profile['adminUsername']);
  const accounts = parseAccounts(administrator, isRefusal(tags) ? {} : tags);
  const resourceId = String(body['id']);
  return {
    resourceId,
    vmId: vmIdOf(body),
    hostname: String(profile['computerName'] ?? hostnameOf(nameOf(resourceId))),
    ...(isRefusal(accounts) ? { users: [administrator] } : accounts),
  };
}

/** The principal of a stored resource's system-assigned identity. */
export function systemPrincipalOf(body: JsonObject): string | undefined {
  const identity = body['identity'];
  const principalId = isJsonObject(identity) ? identity['principalId'] : undefined;
  return typeof principalId === 'string' ? principalId : undefined;
}
