import { isJsonObject } from '../../../../core/json.ts';
import type { Store } from '../../../../core/ports/store.ts';
import { denies } from '../../../../core/stacks/deny-settings.ts';
import type { Call, LinkedCheck } from '../../../provider-contract.ts';
import { findStack, propertiesOf, stackType } from './stack-document.ts';

/**
 * Who makes a stack that denies, or changes or deletes one, needs a permission of its own on the stack.
 * @see Azure/deployment-stacks issue 163
 */
export async function manageDenials(store: Store, { body, resourceId }: Call): Promise<readonly LinkedCheck[]> {
  const stored = await findStack(store, resourceId);
  const asked = isJsonObject(body) && isJsonObject(body['properties']) ? body['properties']['denySettings'] : undefined;
  const kept = stored === undefined ? undefined : propertiesOf(stored.body)['denySettings'];
  return denies(asked) || denies(kept) ? [{ action: `${stackType}/manageDenySetting/action`, scope: resourceId }] : [];
}
