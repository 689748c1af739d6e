/**
 * Microsoft.Resources: the tenant, subscriptions and resource groups that every other resource lies in, and what can be
 * listed of all of them. Deleting a group is the one work here that reaches into the other namespaces, by their teardowns.
 */
import type { Catalog, InnerDoor, Provider, ProviderContext } from '../../provider-contract.ts';
import { deleteGroupWork } from './delete-group.ts';
import { deploymentStacks } from './deployment-stacks/routes.ts';
import { deployments } from './deployments/routes.ts';
import { groupOperations } from './groups.ts';
import { locationOperations } from './locations.ts';
import { moveOperations, moveWorks } from './move-resources.ts';
import { registrationOperations } from './registrations.ts';
import { resourcesListOperations } from './resources-list.ts';
import { subscriptionOperations } from './subscriptions.ts';
import { tagNameOperations } from './tag-names.ts';
import { tagOperations } from './tags.ts';
import { tenantOperations } from './tenants.ts';

const deploymentVersions = [
  '2026-06-01',
  '2025-04-01',
  '2024-11-01',
  '2022-09-01',
  '2021-04-01',
  '2020-10-01',
  '2019-10-01',
  '2018-05-01',
  '2016-09-01',
  '2015-11-01',
  '2015-01-01',
];

const stackVersions = ['2025-07-01', '2024-03-01', '2022-08-01-preview'];

/** Newest first; the oldest is what `az` of 2.45 and the hybrid profiles still send. */
const subscriptionVersions = [
  '2022-12-01',
  '2021-01-01',
  '2020-01-01',
  '2019-11-01',
  '2016-06-01',
  '2015-11-01',
  '2014-04-01',
];
const resourceVersions = [
  '2025-04-01',
  '2024-11-01',
  '2023-07-01',
  '2022-09-01',
  '2021-04-01',
  '2019-10-01',
  '2018-05-01',
  '2016-09-01',
  '2015-11-01',
  '2014-04-01',
];

/**
 * The Microsoft.Resources provider; `providers` are all the namespaces with code of their own, this one among them, and
 * `catalog` (by default they alone) what lists of providers show; `inner` is the door by which deployments make their resources.
 */
export function resources(
  context: ProviderContext,
  {
    providers,
    catalog = async () => providers(),
    inner,
  }: {
    readonly providers: () => readonly Provider[];
    readonly catalog?: Catalog;
    readonly inner: () => InnerDoor;
  },
): Provider {
  const { store, directory } = context;
  const { operations, works } = deployments(context, { catalog, inner });
  const stacks = deploymentStacks(context, { catalog, inner });
  const type = (
    name: string,
    apiVersions: readonly string[],
    operations: Provider['resourceTypes'][number]['operations'],
  ) => ({
    type: name,
    apiVersions,
    regional: false,
    operations,
  });
  return {
    namespace: 'Microsoft.Resources',
    resourceTypes: [
      type('tenants', subscriptionVersions, tenantOperations(directory)),
      type('subscriptions', subscriptionVersions, subscriptionOperations(context)),
      type('subscriptions/locations', subscriptionVersions, locationOperations),
      type('subscriptions/providers', resourceVersions, registrationOperations(context, catalog)),
      type('resourceGroups', resourceVersions, [...groupOperations(store), ...moveOperations(context, providers)]),
      type('subscriptions/resources', resourceVersions, resourcesListOperations(store)),
      type('tags', resourceVersions, tagOperations(store)),
      type('deployments', deploymentVersions, operations),
      type('deploymentStacks', stackVersions, stacks.operations),
      type('subscriptions/tagNames', resourceVersions, tagNameOperations(store)),
    ],
    works: {
      deleteResourceGroup: deleteGroupWork(context, providers),
      ...moveWorks(context, providers),
      ...works,
      ...stacks.works,
    },
  };
}
