import { type DocumentKey, documentKey, type Store, type Write } from '../../../../core/ports/store.ts';
import { denyAssignment, denyAssignmentId } from '../../../../core/stacks/deny-assignment.ts';
import { denyStatusOf, type ManagedResource } from '../../../../core/stacks/managed-resource.ts';
import type { EpochMillis } from '../../../../core/time.ts';
import type { DeployingStack } from './active-stacks.ts';

/** What a stack manages, with the writes that make its deny assignments just those of what it manages. */
export interface DeniedResources {
  readonly resources: readonly ManagedResource[];
  readonly writes: readonly Write[];
}

/** Plans the deny assignments of a stack that manages `ids`, and had others `before`. */
export async function denyManaged(
  store: Store,
  { request, excluded, behalf }: DeployingStack,
  {
    ids,
    before,
    now,
  }: { readonly ids: readonly string[]; readonly before: readonly string[]; readonly now: EpochMillis },
): Promise<DeniedResources> {
  const { id: stackId, denySettings, deploymentScope, scope } = request;
  const within = scope.kind === 'managementGroup' ? deploymentScope.id : scope.id;
  const resources = ids.map((id) => ({
    id,
    status: 'managed' as const,
    denyStatus: denyStatusOf(id, within, denySettings),
  }));
  const puts: (Write & { readonly put: DocumentKey })[] = [];
  for (const { id, denyStatus } of resources) {
    if (denyStatus === 'none' || denyStatus === 'inapplicable') continue;
    const put = documentKey(denyAssignmentId(stackId, id));
    const createdOn = (await createdAt(store, put)) ?? now;
    const by = { createdOn, updatedOn: now, principalId: behalf.caller.objectId };
    puts.push({ put, body: denyAssignment(stackId, id, { ...denySettings, mode: denyStatus }, excluded, by) });
  }
  const made = new Set(puts.map(({ put }) => put));
  const lifted = liftDenials(stackId, before).filter((write) => 'remove' in write && !made.has(write.remove));
  return { resources, writes: [...lifted, ...puts] };
}

/** The writes that take a stack's deny assignments off resources. */
export function liftDenials(stackId: string, ids: readonly string[]): readonly Write[] {
  return ids.map((id) => ({ remove: documentKey(denyAssignmentId(stackId, id)) }));
}

async function createdAt(store: Store, key: DocumentKey): Promise<EpochMillis | undefined> {
  const properties = (await store.get(key))?.body['properties'] as { readonly createdOn?: string } | undefined;
  const millis = Date.parse(properties?.createdOn ?? '');
  return Number.isNaN(millis) ? undefined : (millis as EpochMillis);
}
