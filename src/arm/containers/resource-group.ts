import type { Store } from '../../core/ports/store.ts';
import type { Refusal } from '../../core/refusal.ts';
import { isGroupDeleting, refuseDeletingGroup, refuseMissingGroup } from '../../core/resource-group.ts';
import type { Place } from '../route/place.ts';

/** The region of the group that a place lies in, when it lies in one. */
export interface GroupStanding {
  readonly location?: string;
}

/**
 * Whether the group that a place lies in exists and takes writes. Refuses `ResourceGroupNotFound`, and
 * `ResourceGroupBeingDeleted` for anything but a read while the group is going away.
 */
export async function checkResourceGroup(store: Store, place: Place, method: string): Promise<GroupStanding | Refusal> {
  const { belowGroup, groupKey, resourceGroupName } = place;
  if (!belowGroup || groupKey === undefined || resourceGroupName === undefined) return {};
  const group = await store.get(groupKey);
  if (group === undefined) return refuseMissingGroup(resourceGroupName);
  const isRead = method === 'GET' || method === 'HEAD';
  if (!isRead && isGroupDeleting(group.body)) return refuseDeletingGroup(resourceGroupName);
  const location = group.body['location'];
  return typeof location === 'string' ? { location } : {};
}
