import type { JsonObject } from '../../../../core/json.ts';
import { documentKey } from '../../../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { nameOf, parseResourceId } from '../../../../core/resource-id.ts';
import type { InnerDoor, ProviderContext } from '../../../provider-contract.ts';
import { trackedResources } from '../tree.ts';
import type { DeploymentRecord } from './deployment-record.ts';
import { describeResource } from './new-deployment.ts';
import type { PreparedDeployment } from './prepare.ts';

/** Deleted before all others: what others cannot go before. */
const first = 'microsoft.compute/virtualmachines';

/** The api-version with which a type is deleted that no resource of the template has. */
const anyVersion = '2026-01-01';

/**
 * Deletes what is in the group and not in the template: the resources that lie directly in it, with what lies below them. Answers
 * what could not go.
 */
export async function deleteOthers(
  context: ProviderContext,
  prepared: PreparedDeployment,
  { inner, record }: { readonly inner: InnerDoor; readonly record: DeploymentRecord },
): Promise<readonly Refusal[]> {
  const others = (await othersOf(context, prepared)).map(({ id, type }) => ({ id: String(id), type: String(type) }));
  const inOrder = others.toSorted((a, b) => rank(a.type) - rank(b.type));
  const failures: Refusal[] = [];
  for (const { id, type } of inOrder) {
    const operation = await record.begin('Delete', describeResource({ id, type, name: nameOf(id) }));
    const outcome = await inner.ask(prepared.behalf, { method: 'DELETE', path: id, apiVersion: anyVersion });
    await record.end(operation, outcome);
    if (isRefusal(outcome)) failures.push({ ...outcome, target: outcome.target ?? id });
  }
  return failures;
}

/** The resources that lie directly in the group and are not the template's. */
export async function othersOf(
  { store }: ProviderContext,
  { plan, request }: PreparedDeployment,
): Promise<readonly JsonObject[]> {
  const { subscriptionId = '', resourceGroupName } = request.scope;
  const kept = new Set<string>(plan.resources.filter(({ deployed }) => deployed).map(({ key }) => topOf(key)));
  return (await trackedResources(store, subscriptionId, resourceGroupName))
    .filter(({ key }) => topOf(key) === key && !kept.has(key))
    .map(({ body }) => body);
}

function rank(type: string): number {
  return type.toLowerCase() === first ? 0 : 1;
}

/** The key of the topmost resource that an id is or lies in. */
function topOf(id: string): string {
  const key = documentKey(id);
  const parsed = parseResourceId(key);
  if (parsed?.provider === undefined) return key;
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/.exec(key)?.[0] ?? key;
}
