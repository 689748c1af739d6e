import type { PlanOwner } from '../../../core/ports/plan-owner.ts';
import type { Refusal } from '../../../core/refusal.ts';
import type { Answer, Call, Operation, Provider, ProviderContext, ResourceType } from '../../provider-contract.ts';

type Handlers = typeof import('./handlers.ts');
type Handle = (context: ProviderContext, call: Call) => Promise<Answer | Refusal>;

/** Runs one of the handlers, which are loaded then. */
type Run = (pick: (handlers: Handlers) => Handle) => Operation['handle'];

const namespace = '/providers/Microsoft.Management';
const groups = `${namespace}/managementGroups`;
const group = `${groups}/{groupId}`;
const action = 'Microsoft.Management/managementGroups';

const versions = [
  '2024-02-01-preview',
  '2023-04-01',
  '2021-04-01',
  '2020-10-01',
  '2020-05-01',
  '2020-02-01',
  '2019-11-01',
  '2018-03-01-preview',
  '2018-01-01-preview',
  '2017-11-01-preview',
];

/**
 * Microsoft.Management: the management groups above the tenant's subscriptions. Each is a document; where a subscription lies
 * stands with its entry in the list of subscriptions. What lies above what is told to everybody by `ScopeHierarchy`.
 */
export function management(context: ProviderContext, planOwner: PlanOwner): Provider {
  const run: Run = (pick) => async (call) => pick(await load())(context, call);
  const type = (name: string, operations: readonly Operation[]): ResourceType => ({
    type: name,
    apiVersions: versions,
    regional: false,
    operations,
  });
  const post = (name: string, handle: Operation['handle']) =>
    type(name, [{ method: 'POST', path: `${namespace}/${name}`, handle }]);
  return {
    namespace: 'Microsoft.Management',
    resourceTypes: [
      type('managementGroups', groupOperations(context, planOwner, run)),
      type('managementGroups/subscriptions', subscriptionOperations(context, run)),
      type('managementGroups/settings', settingsOperations(run)),
      post(
        'getEntities',
        run(({ listEntities }) => listEntities),
      ),
      post(
        'checkNameAvailability',
        run((handlers) => handlers.checkNameAvailability),
      ),
      post('tenantBackfillStatus', backfilled(context)),
      post('startTenantBackfill', backfilled(context)),
    ],
    works: {
      createManagementGroup: async ({ id }) => (await load()).showCreated(context, String(id)),
      deleteManagementGroup: async () => undefined,
    },
  };
}

function load(): Promise<Handlers> {
  return import('./handlers.ts');
}

/** Every subscription of the tenant lies below the root from its beginning. */
function backfilled({ directory }: ProviderContext): Operation['handle'] {
  return async () => ({ status: 200, body: { tenantId: directory.tenant.tenantId, status: 'Completed' } });
}

function groupOperations(context: ProviderContext, planOwner: PlanOwner, run: Run): readonly Operation[] {
  const linked = async (call: Call) => (await load()).linkedOfGroup(context, call);
  const may = (verb: string) => ({ permission: `${action}/${verb}` });
  return [
    { method: 'GET', path: groups, handle: run(({ listGroups }) => listGroups) },
    { method: 'GET', path: group, ...may('read'), handle: run(({ getGroup }) => getGroup) },
    {
      method: 'PUT',
      path: group,
      ...may('write'),
      mayWithout: async (call) => (await load()).mayCreate(context, call),
      linked,
      handle: async (call) => (await load()).writeGroup(context, planOwner, call),
    },
    { method: 'PATCH', path: group, ...may('write'), linked, handle: run(({ patchGroup }) => patchGroup) },
    { method: 'DELETE', path: group, ...may('delete'), handle: run(({ deleteGroup }) => deleteGroup) },
    {
      method: 'GET',
      path: `${group}/descendants`,
      ...may('descendants/read'),
      handle: run(({ listDescendants }) => listDescendants),
    },
  ];
}

function subscriptionOperations(context: ProviderContext, run: Run): readonly Operation[] {
  const many = `${group}/subscriptions`;
  const one = `${many}/{subscriptionId}`;
  const may = (verb: string) => ({ permission: `${action}/subscriptions/${verb}`, permissionScope: group });
  const moves = {
    linked: async (call: Call) => (await load()).linkedOfSubscription(context, call),
    mayWithout: async (call: Call) => (await load()).isToRoot(context, call),
  };
  return [
    { method: 'GET', path: many, ...may('read'), handle: run(({ listSubscriptions }) => listSubscriptions) },
    { method: 'GET', path: one, ...may('read'), handle: run(({ getSubscription }) => getSubscription) },
    {
      method: 'PUT',
      path: one,
      ...may('write'),
      ...moves,
      bodiless: true,
      handle: run(({ addSubscription }) => addSubscription),
    },
    {
      method: 'DELETE',
      path: one,
      ...may('delete'),
      ...moves,
      handle: run(({ removeSubscription }) => removeSubscription),
    },
  ];
}

function settingsOperations(run: Run): readonly Operation[] {
  const many = `${group}/settings`;
  const path = `${many}/default`;
  const may = (verb: string) => ({ permission: `${action}/settings/${verb}`, permissionScope: group });
  return [
    { method: 'GET', path: many, ...may('read'), handle: run(({ listSettings }) => listSettings) },
    { method: 'GET', path, ...may('read'), handle: run(({ getSettings }) => getSettings) },
    { method: 'PUT', path, ...may('write'), handle: run(({ replaceSettings }) => replaceSettings) },
    { method: 'PATCH', path, ...may('write'), handle: run(({ mergeSettings }) => mergeSettings) },
    { method: 'DELETE', path, ...may('delete'), handle: run(({ deleteSettings }) => deleteSettings) },
  ];
}
