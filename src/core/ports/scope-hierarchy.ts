import { isAtOrBelow, sameId } from '../resource-id.ts';

/**
 * What lies above a scope and is no part of its id: the management groups that subscriptions lie below. Reads are of memory,
 * current as of the last committed write. Scopes are ARM ids in any letter case.
 */
export interface ScopeHierarchy {
  /** The scope of the root management group, which is named after the tenant; it lies below the tenant itself (`/`). */
  readonly root: string;
  /**
   * What lies above the subscription or management group that a scope is or lies in, nearest first, ending with `/`; nothing
   * for `/`. The array stays the same object until the hierarchy changes.
   */
  ancestorsOf(scope: string): readonly string[];
  /** The ids of the subscriptions below a management group, however deep; none for what is no management group. */
  subscriptionsBelow(managementGroup: string): readonly string[];
}

/** Whether a scope is another or lies below it, by its id or by its management groups. */
export function isWithin(hierarchy: ScopeHierarchy, scope: string, above: string): boolean {
  return isAtOrBelow(scope, above) || hierarchy.ancestorsOf(scope).some((ancestor) => sameId(ancestor, above));
}
