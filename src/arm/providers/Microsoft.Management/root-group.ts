import {
  formatManagementGroup,
  type ManagementGroup,
  rootManagementGroup,
} from '../../../core/management/management-group.ts';
import { documentKey, type Store, type Write } from '../../../core/ports/store.ts';
import type { EpochMillis } from '../../../core/time.ts';

/** The write of a group. */
export function putGroup(group: ManagementGroup): Write {
  return { put: documentKey(group.id), body: formatManagementGroup(group) };
}

/** Makes the root group where the first start has not. */
export async function seedRootGroup(store: Store, tenantId: string, now: EpochMillis): Promise<void> {
  const root = rootManagementGroup(tenantId, now);
  if ((await store.get(documentKey(root.id))) === undefined) await store.transact([putGroup(root)]);
}
