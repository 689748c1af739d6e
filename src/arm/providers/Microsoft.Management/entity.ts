import type { ManagementGroup } from '../../../core/management/management-group.ts';
import type { PlacedSubscription } from '../../../core/management/management-tree.ts';

/** What a caller may do to an entity, in the service's words. */
type Access = 'noaccess' | 'view' | 'edit' | 'delete';

/** A group or subscription with the groups that it lies in, from its parent to the root. */
export interface Entity {
  readonly item: ManagementGroup | PlacedSubscription;
  readonly id: string;
  readonly name: string;
  readonly above: readonly ManagementGroup[];
  readonly access: Access;
}
