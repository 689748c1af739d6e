import type { JsonObject } from '../../core/json.ts';
import type { ServicePrincipal } from '../../core/ports/directory.ts';
import type { Application } from '../application.ts';
import type { GraphPorts } from './ask.ts';
import { formatKey, formatPassword } from './credentials.ts';
import { formatTime } from './format-time.ts';
import type { PropertyRules } from './properties.ts';

/** The properties by which a service principal can be filtered. */
export const principalFilters: readonly string[] = [
  'id',
  'appId',
  'displayName',
  'appDisplayName',
  'appOwnerOrganizationId',
  'servicePrincipalType',
  'servicePrincipalNames',
  'alternativeNames',
  'accountEnabled',
  'tags',
  'createdDateTime',
];

/** What a service principal's requests may say. */
export const principalRules: PropertyRules = {
  resource: 'ServicePrincipal',
  handled: ['accountEnabled', 'appId', 'keyCredentials', 'passwordCredentials', 'owners@odata.bind'],
  readOnly: ['id', 'createdDateTime', 'displayName', 'servicePrincipalNames', 'servicePrincipalType'],
  kept: {
    addIns: 'list',
    appRoleAssignmentRequired: 'flag',
    description: 'text',
    homepage: 'text',
    loginUrl: 'text',
    logoutUrl: 'text',
    notes: 'text',
    notificationEmailAddresses: 'list',
    preferredSingleSignOnMode: 'text',
    replyUrls: 'list',
    tags: 'list',
  },
};

/** The type by which Graph names a service principal among directory objects; `az` reads a role assignment's type from it. */
export const servicePrincipalType = '#microsoft.graph.servicePrincipal';

/**
 * A service principal as Graph shows it, with what it has of its application. `servicePrincipalNames` is never empty: `az role assignment list` prints the first.
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export function formatServicePrincipal(
  principal: ServicePrincipal,
  tenantId: string,
  application?: Application,
): JsonObject {
  const isManaged = principal.servicePrincipalType === 'ManagedIdentity';
  return {
    ...principalFacts(principal, tenantId),
    deletedDateTime: null,
    appDescription: application?.properties['description'] ?? null,
    applicationTemplateId: null,
    ...absent,
    signInAudience: isManaged ? null : (application?.properties['signInAudience'] ?? 'AzureADMyOrg'),
    ...empty,
    appRoles: application?.properties['appRoles'] ?? [],
    ...principal.properties,
    keyCredentials: (principal.keyCredentials ?? []).map((one) => formatKey(one)),
    passwordCredentials: principal.passwordCredentials.map((one) => formatPassword(one)),
  };
}

/** What a principal has that says nothing of it. */
const absent: JsonObject = {
  appRoleAssignmentRequired: false,
  description: null,
  disabledByMicrosoftStatus: null,
  homepage: null,
  loginUrl: null,
  logoutUrl: null,
  notes: null,
  preferredSingleSignOnMode: null,
  preferredTokenSigningKeyThumbprint: null,
  samlSingleSignOnSettings: null,
  tokenEncryptionKeyId: null,
};

/** What they have none of. */
const empty: JsonObject = {
  addIns: [],
  notificationEmailAddresses: [],
  oauth2PermissionScopes: [],
  replyUrls: [],
  resourceSpecificApplicationPermissions: [],
};

/** What a principal is filtered and sorted by: all of `principalFilters`. */
export function principalFacts(principal: ServicePrincipal, tenantId: string): JsonObject {
  const isManaged = principal.servicePrincipalType === 'ManagedIdentity';
  return {
    id: principal.objectId,
    accountEnabled: principal.accountEnabled,
    alternativeNames: principal.alternativeNames,
    appDisplayName: isManaged ? null : principal.displayName,
    appId: principal.appId,
    appOwnerOrganizationId: isManaged ? null : tenantId,
    createdDateTime: formatTime(principal.createdAt),
    displayName: principal.displayName,
    servicePrincipalNames: principal.servicePrincipalNames,
    servicePrincipalType: principal.servicePrincipalType,
    tags: principal.properties?.['tags'] ?? [],
  };
}

/** A principal of the directory as Graph shows it. */
export function showPrincipal(
  principal: ServicePrincipal,
  { tenant, applications }: GraphPorts['directory'],
): JsonObject {
  return formatServicePrincipal(principal, tenant.tenantId, applications.byAlias(principal.appId));
}
