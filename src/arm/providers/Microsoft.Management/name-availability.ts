import { isJsonObject } from '../../../core/json.ts';
import { checkGroupName } from '../../../core/management/group-name.ts';
import { formatManagementGroupId } from '../../../core/management/management-group.ts';
import { documentKey } from '../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';

/** Whether a management group could be made under a name. @see Microsoft.Management swagger, CheckNameAvailabilityResult */
export async function checkNameAvailability({ store }: ProviderContext, { body }: Call): Promise<Answer | Refusal> {
  const name = isJsonObject(body) ? body['name'] : undefined;
  if (typeof name !== 'string') return refuse('BadRequest', "The request content must have a 'name'.");
  const invalid = checkGroupName(name);
  if (invalid !== undefined) {
    return { status: 200, body: { nameAvailable: false, reason: 'Invalid', message: invalid.message } };
  }
  if ((await store.get(documentKey(formatManagementGroupId(name)))) === undefined) {
    return { status: 200, body: { nameAvailable: true } };
  }
  const message = `The group with the specified name already exists`;
  return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message } };
}
