// Microsoft.Insights, as far as Postern has it: reading the activity log. What an event says and what a filter means is
// decided in `core/activity`; here it becomes a page of an HTTP answer.

import type { Provider, ProviderContext, ResourceType } from '../../provider-contract.ts';
import { listEventCategories } from './event-categories.ts';
import { listEvents } from './list-events.ts';

/** Newest first. @see `az provider show --namespace Microsoft.Insights` */
const apiVersions = ['2017-03-01-preview', '2015-04-01', '2014-11-01', '2014-04-01'];

const read = 'Microsoft.Insights/eventtypes/values/read';

/** The provider. A subscription's events are for who may read them at the subscription, the tenant's for who may at `/`. */
export function insights(context: ProviderContext): Provider {
  const events: ResourceType = {
    type: 'eventtypes/values',
    apiVersions,
    regional: false,
    operations: [
      {
        method: 'GET',
        path: '/subscriptions/{subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values',
        permission: read,
        permissionScope: '/subscriptions/{subscriptionId}',
        handle: (call) => listEvents(context.activityLog, call),
      },
      {
        method: 'GET',
        path: '/providers/Microsoft.Insights/eventtypes/management/values',
        permission: read,
        permissionScope: '/',
        handle: (call) => listEvents(context.activityLog, call),
      },
    ],
  };
  const categories: ResourceType = {
    type: 'eventCategories',
    apiVersions,
    regional: false,
    operations: [{ method: 'GET', path: '/providers/Microsoft.Insights/eventcategories', handle: listEventCategories }],
  };
  return { namespace: 'Microsoft.Insights', resourceTypes: [events, categories] };
}
