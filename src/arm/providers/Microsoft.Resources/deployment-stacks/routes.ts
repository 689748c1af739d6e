// Microsoft.Resources/deploymentStacks: a template with its resources as one thing. Its deployment is one of
// Microsoft.Resources/deployments; what it denies on its resources are deny assignments of Microsoft.Authorization.

import type { Operation, ProviderContext, Work } from '../../../provider-contract.ts';
import { withoutTemplate } from '../deployments/routes.ts';
import type { DeploymentParts } from '../deployments/surroundings.ts';
import type { ActiveStacks } from './active-stacks.ts';

const answers = () => import('./operations.ts');

const collection = '/{scope}/providers/Microsoft.Resources/deploymentStacks';
const one = `${collection}/{deploymentStackName}`;
const type = 'Microsoft.Resources/deploymentStacks';

/** Deployment stacks at every scope that can have them, and the works that deploy and delete them. */
export function deploymentStacks(
  context: ProviderContext,
  parts: DeploymentParts,
): { readonly operations: readonly Operation[]; readonly works: Readonly<Record<string, Work>> } {
  const stacks: ActiveStacks = new Map();
  return {
    operations: [...readings(context, stacks), ...writings(context, parts, stacks)],
    works: {
      deployStack: async (input) => (await answers()).performStack(context, parts, stacks, input),
      deleteStack: async (input) => (await answers()).performDeletion(context, parts, stacks, input),
    },
  };
}

function readings(context: ProviderContext, stacks: ActiveStacks): readonly Operation[] {
  const permission = `${type}/read`;
  return [
    {
      method: 'GET',
      path: collection,
      permission,
      handle: async (call) => (await answers()).listStacks(context, stacks, call),
    },
    { method: 'GET', path: one, permission, handle: async (call) => (await answers()).getStack(context, stacks, call) },
    {
      method: 'POST',
      path: `${one}/exportTemplate`,
      permission: `${type}/exportTemplate/action`,
      handle: async (call) => (await answers()).exportStack(context.store, call),
    },
  ];
}

function writings(context: ProviderContext, parts: DeploymentParts, stacks: ActiveStacks): readonly Operation[] {
  const linked: NonNullable<Operation['linked']> = async (call) => (await answers()).manageDenials(context.store, call);
  return [
    {
      method: 'PUT',
      path: one,
      permission: `${type}/write`,
      linked,
      recordedBody: withoutTemplate,
      handle: async (call) => (await answers()).putStack(context, parts, stacks, call),
    },
    {
      method: 'POST',
      path: `${one}/validate`,
      permission: `${type}/validate/action`,
      linked,
      recordedBody: withoutTemplate,
      handle: async (call) => (await answers()).validateStack(context, parts, call),
    },
    {
      method: 'DELETE',
      path: one,
      permission: `${type}/delete`,
      linked,
      handle: async (call) => (await answers()).deleteStack(context, stacks, call),
    },
  ];
}
