import type { JsonObject } from '../../../../core/json.ts';
import type { Document } from '../../../../core/ports/store.ts';
import type { Refusal } from '../../../../core/refusal.ts';
import { managedResources } from '../../../../core/stacks/managed-resource.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { showError } from '../deployments/deployment-document.ts';
import type { ActiveStacks } from './active-stacks.ts';
import { madeResources } from './made-resources.ts';
import { show, withNew } from './show-resources.ts';
import { enterState, findStack, hasEnded, propertiesOf } from './stack-document.ts';
import { interrupted } from './stack-errors.ts';

/** A stack that failed, with what else is known of it. */
export async function failStack(
  context: ProviderContext,
  stackId: string,
  refusal: Refusal,
  more: JsonObject = {},
): Promise<Refusal> {
  await enterState(context, stackId, 'failed', { ...more, error: showError(refusal) });
  return refusal;
}

/**
 * Ends the work on a stack that an earlier process began: neither its caller nor the values of secure parameters are known any
 * more. What its deployment had made is the stack's. What the work comes to is the refusal.
 */
export async function failInterrupted(context: ProviderContext, stackId: string): Promise<Refusal> {
  const refusal = interrupted(stackId);
  const found = await findStack(context.store, stackId);
  if (found === undefined || hasEnded(found.body)) return refusal;
  const properties = propertiesOf(found.body);
  const deleting = properties['provisioningState'] === 'deleting';
  const made = deleting ? [] : await madeResources(context.store, String(properties['deploymentId']));
  return failStack(context, stackId, refusal, { resources: show(withNew(managedResources(properties), made)) });
}

/** A stack as it is: one that has not ended and that nothing here works on has been interrupted, perhaps before its work was stored. */
export async function asItIs(context: ProviderContext, stacks: ActiveStacks, found: Document): Promise<Document> {
  if (hasEnded(found.body) || stacks.has(found.key)) return found;
  await failInterrupted(context, String(found.body['id']));
  return (await context.store.get(found.key)) ?? found;
}
