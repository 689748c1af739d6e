import { linkedIdentities } from '../../../core/identity/change-identity.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { isRefusal, type Refusal } from '../../../core/refusal.ts';
import type { Call, LinkedCheck, ProviderContext } from '../../provider-contract.ts';
import { linkedProfiles } from './galleries/profile-use.ts';
import { machineKey, propertiesOf } from './machine-document.ts';
import { partOf } from './machine-properties.ts';

/**
 * What the caller must be allowed on others to write a machine or a scale set: to assign the identities that it newly gets, and
 * to read the access control profiles to which it newly refers.
 */
export async function linkedToMachine(
  { store }: ProviderContext,
  { resourceId, body }: Call,
): Promise<readonly LinkedCheck[] | Refusal> {
  const before = (await store.get(machineKey(resourceId)))?.body;
  const asked = isJsonObject(body) ? body : {};
  const identities = await linkedIdentities({ store }, before?.['identity'], asked['identity']);
  if (isRefusal(identities)) return identities;
  return [...identities, ...linkedProfiles(before && modelOf(before), modelOf(asked))];
}

/** The properties that describe the machine, or each machine of a set. */
function modelOf(resource: JsonObject): JsonObject {
  const properties = propertiesOf(resource);
  return isJsonObject(properties['virtualMachineProfile']) ? partOf(properties, 'virtualMachineProfile') : properties;
}
