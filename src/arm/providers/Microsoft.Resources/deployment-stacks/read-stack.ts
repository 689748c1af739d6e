import { pageOf } from '../../../../core/paging.ts';
import { type Document, documentKey, type Store } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import type { ActiveStacks } from './active-stacks.ts';
import { asItIs } from './fail-stack.ts';
import { findStack, showStack, stackType, templateKey } from './stack-document.ts';

/** One stack. Refuses `DeploymentStackNotFound`. */
export async function getStack(context: ProviderContext, stacks: ActiveStacks, call: Call): Promise<Answer | Refusal> {
  const found = await stackOf(context.store, call);
  if (isRefusal(found)) return found;
  return { status: 200, body: showStack((await asItIs(context, stacks, found)).body) };
}

/** The stacks made at a scope, by name. */
export async function listStacks(
  context: ProviderContext,
  stacks: ActiveStacks,
  call: Call,
): Promise<Answer | Refusal> {
  const kept = await context.store.list(documentKey(call.resourceId), { type: stackType.toLowerCase() });
  const documents = await Promise.all(kept.map((found) => asItIs(context, stacks, found)));
  const page = pageOf(
    documents.map(({ body }) => showStack(body)),
    ({ name }) => String(name).toLowerCase(),
    call,
  );
  return isRefusal(page) ? page : { status: 200, body: page };
}

/** The template that a stack was last deployed with. Refuses `DeploymentStackNotFound`. */
export async function exportStack(store: Store, call: Call): Promise<Answer | Refusal> {
  const found = await stackOf(store, call);
  if (isRefusal(found)) return found;
  const kept = await store.get(templateKey(found.key));
  return { status: 200, body: { template: kept?.body['template'] ?? {} } };
}

async function stackOf(store: Store, { resourceId, params }: Call): Promise<Document | Refusal> {
  const found = await findStack(store, resourceId);
  if (found !== undefined) return found;
  const name = params['deploymentStackName'];
  return refuse(
    'DeploymentStackNotFound',
    `The deployment stack '${name}' could not be found in '${params['scope']}'.`,
  );
}
