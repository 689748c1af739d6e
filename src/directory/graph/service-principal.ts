import type { JsonObject } from '../../core/json.ts';
import type { PasswordCredential, ServicePrincipal } from '../../core/ports/directory.ts';

/** The properties by which a service principal can be filtered. */
export const filterableProperties: readonly string[] = [
  'id',
  'appId',
  'displayName',
  'servicePrincipalType',
  'servicePrincipalNames',
  'alternativeNames',
];

/** The type by which Graph names a service principal among directory objects; `az` reads a role assignment's type from it. */
export const servicePrincipalType = '#microsoft.graph.servicePrincipal';

/**
 * A service principal as Graph shows it. `servicePrincipalNames` is never empty: `az role assignment list` prints the first.
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export function formatServicePrincipal(principal: ServicePrincipal, tenantId: string): JsonObject {
  return {
    id: principal.objectId,
    deletedDateTime: null,
    accountEnabled: principal.accountEnabled,
    alternativeNames: principal.alternativeNames,
    appDisplayName: principal.servicePrincipalType === 'ManagedIdentity' ? null : principal.displayName,
    appDescription: null,
    appId: principal.appId,
    applicationTemplateId: null,
    appOwnerOrganizationId: principal.servicePrincipalType === 'ManagedIdentity' ? null : tenantId,
    appRoleAssignmentRequired: false,
    createdDateTime: formatTime(principal.createdAt),
    ...absent,
    displayName: principal.displayName,
    servicePrincipalNames: principal.servicePrincipalNames,
    servicePrincipalType: principal.servicePrincipalType,
    signInAudience: principal.servicePrincipalType === 'ManagedIdentity' ? null : 'AzureADMyOrg',
    ...empty,
    passwordCredentials: principal.passwordCredentials.map(formatCredential),
  };
}

/** What Postern's principals never have. */
const absent: JsonObject = {
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
  appRoles: [],
  keyCredentials: [],
  notificationEmailAddresses: [],
  oauth2PermissionScopes: [],
  replyUrls: [],
  resourceSpecificApplicationPermissions: [],
  tags: [],
};

function formatCredential(credential: PasswordCredential): JsonObject {
  return {
    customKeyIdentifier: null,
    displayName: credential.displayName,
    endDateTime: formatTime(credential.endMillis),
    hint: credential.hint,
    keyId: credential.keyId,
    secretText: null,
    startDateTime: formatTime(credential.startMillis),
  };
}

/** Graph's times have whole seconds. */
function formatTime(millis: number): string {
  return new Date(millis).toISOString().replace(/\.\d+/, '');
}
