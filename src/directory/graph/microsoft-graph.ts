import type { JsonObject } from '../../core/json.ts';
import type { ServicePrincipal, Tenant } from '../../core/ports/directory.ts';
import { graphAppId } from '../../core/token/audiences.ts';
import { derivedId } from '../derived-id.ts';
import { formatServicePrincipal } from './service-principal.ts';

/**
 * The application permissions on Microsoft Graph that this directory knows, by their ids.
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const graphAppRoles: Readonly<Record<string, string>> = {
  '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30': 'Application.Read.All',
  '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9': 'Application.ReadWrite.All',
  '18a4783c-866b-4cc7-a460-3d5e5662c884': 'Application.ReadWrite.OwnedBy',
  '06b708a9-e830-4db3-a914-8e69da51d44f': 'AppRoleAssignment.ReadWrite.All',
  'b0afded3-3588-46d8-8b3d-9842eff778da': 'AuditLog.Read.All',
  '81b4724a-58aa-41c1-8a55-84ef97466587': 'DelegatedPermissionGrant.Read.All',
  '8e8e4742-1d95-4f68-9d56-6ee75648c72a': 'DelegatedPermissionGrant.ReadWrite.All',
  '7ab1d382-f21e-4acd-a863-ba3e13f7da61': 'Directory.Read.All',
  '19dbc75e-c2e2-444c-a770-ec69d8559fc7': 'Directory.ReadWrite.All',
  '5b567255-7703-4780-807c-7be8301ae99b': 'Group.Read.All',
  '62a82d76-70ea-41e2-9197-370581804d09': 'Group.ReadWrite.All',
  'bf7b1a76-6e77-406b-b258-bf5c7720e98f': 'Group.Create',
  '98830695-27a2-44f7-8c18-0c3ebc9698f6': 'GroupMember.Read.All',
  'dbaae8cf-10b5-4b86-a4a1-f871c94c6695': 'GroupMember.ReadWrite.All',
  '498476ce-e0fe-48b0-b801-37ba7e2685c6': 'Organization.Read.All',
  '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8': 'RoleManagement.ReadWrite.Directory',
  'df021288-bdef-4463-88db-98f22de89214': 'User.Read.All',
};

/** Microsoft Graph's own service principal, on which application permissions are granted. Its object id follows from the tenant's. */
export function graphPrincipal(tenant: Tenant): ServicePrincipal {
  return {
    objectId: graphObjectId(tenant),
    appId: graphAppId,
    displayName: 'Microsoft Graph',
    servicePrincipalType: 'Application',
    accountEnabled: true,
    alternativeNames: [],
    servicePrincipalNames: [graphAppId, 'https://graph.microsoft.com', 'https://graph.microsoft.com/'],
    appRoles: [],
    passwordCredentials: [],
    createdAt: tenant.createdAt,
  };
}

/** The same as Graph shows it. */
export function microsoftGraph(tenant: Tenant): JsonObject {
  const shown = formatServicePrincipal(graphPrincipal(tenant), tenant.tenantId);
  return { ...shown, appRoles: Object.entries(graphAppRoles).map(formatAppRole) };
}

/** The object id of Microsoft Graph's service principal in a tenant. */
export function graphObjectId({ tenantId }: Tenant): string {
  return derivedId(`${tenantId}/${graphAppId}`);
}

function formatAppRole([id, value]: readonly [string, string]): JsonObject {
  return {
    id,
    allowedMemberTypes: ['Application'],
    description: value,
    displayName: value,
    isEnabled: true,
    origin: 'Application',
    value,
  };
}
