import type { PlanOwner } from '../../../core/ports/plan-owner.ts';
import type { Operation, Provider, ProviderContext } from '../../provider-contract.ts';

type Handlers = typeof import('./handlers.ts');

const many = '/providers/Microsoft.Subscription/aliases';
const one = `${many}/{aliasName}`;
const versions = ['2024-08-01-preview', '2021-10-01', '2020-09-01', '2019-10-01-preview'];

/**
 * Microsoft.Subscription: makes subscriptions, by aliases, and renames, cancels and enables them. The subscription itself is
 * a document of Microsoft.Resources.
 */
export function subscriptions(context: ProviderContext, planOwner: PlanOwner): Provider {
  return {
    namespace: 'Microsoft.Subscription',
    resourceTypes: [
      { type: 'aliases', apiVersions: versions, regional: false, operations: aliasOperations(context) },
      ...(['rename', 'cancel', 'enable'] as const).map((verb) => ({
        type: verb,
        apiVersions: versions,
        regional: false,
        operations: [lifecycleOperation(context, verb)],
      })),
    ],
    works: {
      createSubscription: async (input) => (await load()).createSubscription(context, planOwner, input),
    },
  };
}

function load(): Promise<Handlers> {
  return import('./handlers.ts');
}

function aliasOperations(context: ProviderContext): readonly Operation[] {
  const may = (verb: string): Pick<Operation, 'permission' | 'mayWithout'> => ({
    permission: `Microsoft.Subscription/aliases/${verb}`,
    mayWithout: async (call) => (await load()).mayUse(context, call, verb),
  });
  return [
    { method: 'GET', path: many, handle: async (call) => (await load()).listAliases(context, call) },
    { method: 'GET', path: one, ...may('read'), handle: async (call) => (await load()).getAlias(context, call) },
    {
      method: 'PUT',
      path: one,
      permission: 'Microsoft.Subscription/aliases/write',
      permissionScope: '/',
      mayWithout: async (call) => (await load()).mayMake(context, call),
      linked: async (call) => (await load()).linkedOfAlias(context, call),
      handle: async (call) => (await load()).putAlias(context, call),
    },
    {
      method: 'DELETE',
      path: one,
      ...may('delete'),
      handle: async (call) => (await load()).deleteAlias(context, call),
    },
  ];
}

/** A cancelled subscription can be enabled; renamed it can be too, and cancelling it again is told to be no use. */
function lifecycleOperation(context: ProviderContext, verb: 'rename' | 'cancel' | 'enable'): Operation {
  return {
    method: 'POST',
    path: `/subscriptions/{subscriptionId}/providers/Microsoft.Subscription/${verb}`,
    permission: `Microsoft.Subscription/${verb}/action`,
    whileDisabled: true,
    handle: async (call) => (await load())[`${verb}Subscription`](context, call),
  };
}
