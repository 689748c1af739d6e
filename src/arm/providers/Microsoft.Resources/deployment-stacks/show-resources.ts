import type { Json, JsonObject } from '../../../../core/json.ts';
import { foldId } from '../../../../core/resource-id.ts';
import type { ManagedResource } from '../../../../core/stacks/managed-resource.ts';
import { showError } from '../deployments/deployment-document.ts';
import type { Deletions } from './unmanage.ts';

/** What a failed deployment has made is the stack's too: it is what the next one lets go of, if it is not in its template. */
export function withNew(before: readonly ManagedResource[], made: readonly string[]): readonly ManagedResource[] {
  const known = new Set(before.map(({ id }) => foldId(id)));
  const added = made.filter((id) => !known.has(foldId(id)));
  return [...before, ...added.map((id) => ({ id, status: 'managed', denyStatus: 'none' }) as const)];
}

/** What a stack had and its template has no more, until it is deleted or detached: nothing denies anything on it. */
export function left(before: readonly ManagedResource[], made: readonly string[]): readonly ManagedResource[] {
  const kept = new Set(made.map(foldId));
  return before.filter(({ id }) => !kept.has(foldId(id))).map((one) => ({ ...one, denyStatus: 'none' }));
}

/** What could not be deleted stays the stack's, which tries again. */
export function notDeleted(failed: Deletions['failed']): readonly ManagedResource[] {
  return failed.map(({ id }) => ({ id, status: 'deleteFailed', denyStatus: 'none' }) as const);
}

/** Managed resources as a stack keeps and shows them. */
export function show(resources: readonly ManagedResource[]): Json {
  return resources.map(({ id, status, denyStatus }) => ({ id, status, denyStatus }));
}

/** What a stack tells of what has left it. */
export function tell({ deleted, failed }: Deletions, detached: readonly string[]): JsonObject {
  return {
    deletedResources: deleted.map((id) => ({ id })),
    detachedResources: detached.map((id) => ({ id })),
    failedResources: failed.map(({ id, refusal }) => ({ id, error: showError(refusal) })),
  };
}
