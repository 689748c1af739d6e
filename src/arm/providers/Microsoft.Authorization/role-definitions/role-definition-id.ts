import { isGuid } from '../../../../core/rbac/guid.ts';
import { nameOf, parseResourceId } from '../../../../core/resource-id.ts';

/**
 * The one spelling of a role definition's id for requests at `scope`: with the subscription that the scope lies in, else
 * without one. `az` compares a role assignment's `roleDefinitionId` with a role's `id` as plain text.
 * @see azure-cli, command_modules/role/custom.py, list_role_assignments and _search_role_assignments
 */
export function formatRoleDefinitionId(scope: string, guid: string): string {
  const subscriptionId = parseResourceId(scope)?.subscriptionId;
  const above = subscriptionId === undefined ? '' : `/subscriptions/${subscriptionId}`;
  return `${above}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
}

/** The GUID that a role definition id ends in, folded, whatever stands before it; undefined when there is none. */
export function parseRoleDefinitionId(id: string): string | undefined {
  const guid = nameOf(id).toLowerCase();
  return isGuid(guid) ? guid : undefined;
}
