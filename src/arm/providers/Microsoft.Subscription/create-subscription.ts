import type { Json, JsonObject } from '../../../core/json.ts';
import { formatManagementGroupId, managementGroupOf } from '../../../core/management/management-group.ts';
import type { PlanOwner } from '../../../core/ports/plan-owner.ts';
import { documentKey } from '../../../core/ports/store.ts';
import { formatSubscriptionId } from '../../../core/resource-id.ts';
import { planSubscription } from '../../../core/subscription.ts';
import type { Tags } from '../../../core/tags.ts';
import type { ProviderContext } from '../../provider-contract.ts';
import { aliasKeyOf, showAlias } from './aliases.ts';

/**
 * The work of an alias: makes the subscription, its owner's assignment and the alias's end in one transaction, so that a
 * second run finds all or nothing done. An alias that was deleted meanwhile makes nothing.
 */
export async function createSubscription(
  context: ProviderContext,
  planOwner: PlanOwner,
  input: JsonObject,
): Promise<Json | undefined> {
  const { store, clock, directory } = context;
  const key = aliasKeyOf(input);
  const alias = await store.get(key);
  if (alias === undefined || alias.body['provisioningState'] === 'Succeeded') return alias && showAlias(alias.body);
  const body = { ...alias.body, provisioningState: 'Succeeded' };
  const subscriptionId = String(alias.body['subscriptionId']);
  const { displayName, workload, tags } = alias.body;
  const group = alias.body['managementGroup'] ?? (await defaultGroup(context));
  const writes = planSubscription({
    subscriptionId,
    tenantId: directory.tenant.tenantId,
    displayName: String(displayName),
    workload: workload === 'DevTest' ? 'DevTest' : 'Production',
    ...(tags === undefined ? {} : { tags: tags as Tags }),
    ...(typeof group === 'string' ? { managementGroup: group } : {}),
  });
  const principalId = String(alias.body['ownerId']);
  const owner = planOwner({ scope: formatSubscriptionId(subscriptionId), principalId, now: clock.now() });
  const done = await store.transact([{ put: key, body, when: { etag: alias.etag } }, ...writes, ...owner]);
  return 'conflict' in done ? createSubscription(context, planOwner, input) : showAlias(body);
}

/** The name of the management group that the hierarchy settings want new subscriptions in. */
async function defaultGroup({ store, directory }: ProviderContext): Promise<string | undefined> {
  const root = formatManagementGroupId(directory.tenant.tenantId);
  const settings = await store.get(documentKey(`${root}/settings/default`));
  const id = settings?.body['defaultManagementGroup'];
  return typeof id === 'string' ? managementGroupOf(id.toLowerCase()) : undefined;
}
