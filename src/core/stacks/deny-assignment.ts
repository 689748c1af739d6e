import type { JsonObject } from '../json.ts';
import type { PrincipalType } from '../ports/directory.ts';
import { everyone } from '../rbac/deny-table.ts';
import { foldId } from '../resource-id.ts';
import { guidOf } from '../template/expression/hash/guid.ts';
import { type EpochMillis, formatArmTime } from '../time.ts';
import type { DenySettings } from './deny-settings.ts';

/** A principal that a deny assignment leaves out. */
export interface ExcludedPrincipal {
  readonly id: string;
  readonly type: PrincipalType;
}

/** When a deny assignment was made and changed, and by whom. */
export interface Authorship {
  readonly createdOn: EpochMillis;
  readonly updatedOn: EpochMillis;
  readonly principalId: string;
}

/** What each mode denies, and what it always leaves: who may delete a lock does, and reads are no writes. */
const denied = {
  denyDelete: { actions: ['*/delete'], notActions: ['Microsoft.Authorization/locks/delete'] },
  denyWriteAndDelete: { actions: ['*'], notActions: ['*/read', 'Microsoft.Authorization/locks/delete'] },
} as const;

/** The id of the deny assignment that a stack makes on a resource: the same each time. */
export function denyAssignmentId(stackId: string, resourceId: string): string {
  const name = guidOf(`${foldId(stackId)} ${foldId(resourceId)}`);
  return `${resourceId}/providers/Microsoft.Authorization/denyAssignments/${name}`;
}

/**
 * The deny assignment of one managed resource, as it is stored: at the resource itself, for everyone but the excluded.
 * @see https://learn.microsoft.com/azure/role-based-access-control/deny-assignments, the example of Get-AzDenyAssignment
 */
export function denyAssignment(
  stackId: string,
  resourceId: string,
  { mode, excludedActions, applyToChildScopes }: DenySettings & { readonly mode: keyof typeof denied },
  excluded: readonly ExcludedPrincipal[],
  { createdOn, updatedOn, principalId }: Authorship,
): JsonObject {
  const id = denyAssignmentId(stackId, resourceId);
  const name = id.slice(id.lastIndexOf('/') + 1);
  const { actions, notActions } = denied[mode];
  return {
    id,
    name,
    type: 'Microsoft.Authorization/denyAssignments',
    stackId,
    properties: {
      denyAssignmentName: `Deny assignment '${name}' created by Deployment Stack '${stackId}'.`,
      description: `Created by Deployment Stack '${stackId}'.`,
      permissions: [
        { actions, notActions: withOthers(notActions, excludedActions), dataActions: [], notDataActions: [] },
      ],
      scope: resourceId,
      doNotApplyToChildScopes: !applyToChildScopes,
      principals: [{ id: everyone, type: 'SystemDefined', displayName: 'All Principals' }],
      excludePrincipals: excluded.map(({ id: one, type }) => ({ id: one, type })),
      isSystemProtected: true,
      createdOn: formatArmTime(createdOn),
      updatedOn: formatArmTime(updatedOn),
      createdBy: principalId,
      updatedBy: principalId,
    },
  };
}

function withOthers(own: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(own.map((one) => one.toLowerCase()));
  return [...own, ...others.filter((one) => !known.has(one.toLowerCase()))];
}
