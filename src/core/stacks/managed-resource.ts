import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isAtOrBelow, parseResourceId } from '../resource-id.ts';
import type { DenySettings } from './deny-settings.ts';

/** What of a managed resource is denied: the settings' mode, or `inapplicable` outside the scope that they hold in. */
export type DenyStatus = DenySettings['mode'] | 'inapplicable';

/** A resource that a stack manages, or still has because it could not be deleted. */
export interface ManagedResource {
  readonly id: string;
  readonly status: 'managed' | 'deleteFailed';
  readonly denyStatus: DenyStatus;
}

/** What a resource's deny status is in a stack whose denials hold in `scope`. */
export function denyStatusOf(id: string, scope: string, { mode }: Pick<DenySettings, 'mode'>): DenyStatus {
  if (mode === 'none') return 'none';
  return parseResourceId(scope)?.subscriptionId !== undefined && isAtOrBelow(id, scope) ? mode : 'inapplicable';
}

/** The resources of a stored stack. */
export function managedResources(properties: JsonObject): readonly ManagedResource[] {
  const listed: Json = properties['resources'] ?? [];
  if (!Array.isArray(listed)) return [];
  return listed.filter(isJsonObject).map(({ id, status, denyStatus }) => ({
    id: String(id),
    status: status === 'deleteFailed' ? status : 'managed',
    denyStatus: String(denyStatus) as DenyStatus,
  }));
}
