import type { JsonObject } from '../../core/json.ts';
import type { Application } from '../application.ts';
import { formatKey, formatPassword } from './credentials.ts';
import { formatTime } from './format-time.ts';
import { mergeProperties, type PropertyRules } from './properties.ts';

/** The type by which Graph names an application among directory objects. */
export const applicationType = '#microsoft.graph.application';

/** The properties by which an application can be filtered. */
export const applicationFilters: readonly string[] = [
  'id',
  'appId',
  'displayName',
  'identifierUris',
  'signInAudience',
  'tags',
  'createdDateTime',
];

/** What an application's requests may say. */
export const applicationRules: PropertyRules = {
  resource: 'Application',
  handled: ['displayName', 'identifierUris', 'keyCredentials', 'passwordCredentials', 'appRoles', 'owners@odata.bind'],
  readOnly: ['id', 'appId', 'createdDateTime', 'deletedDateTime', 'publisherDomain', 'disabledByMicrosoftStatus'],
  values: {
    signInAudience: [
      'AzureADMyOrg',
      'AzureADMultipleOrgs',
      'AzureADandPersonalMicrosoftAccount',
      'PersonalMicrosoftAccount',
    ],
  },
  kept: {
    addIns: 'list',
    api: 'object',
    defaultRedirectUri: 'text',
    description: 'text',
    groupMembershipClaims: 'text',
    info: 'object',
    isDeviceOnlyAuthSupported: 'flag',
    isFallbackPublicClient: 'flag',
    notes: 'text',
    oauth2RequirePostResponse: 'flag',
    optionalClaims: 'object',
    parentalControlSettings: 'object',
    publicClient: 'object',
    requiredResourceAccess: 'list',
    samlMetadataUrl: 'text',
    serviceManagementReference: 'text',
    signInAudience: 'text',
    spa: 'object',
    tags: 'list',
    tokenEncryptionKeyId: 'text',
    trustedCertificateSubjects: 'list',
    uniqueName: 'text',
    web: 'object',
  },
};

/** An application as Graph shows it. @see https://learn.microsoft.com/graph/api/resources/application */
export function formatGraphApplication(application: Application, publisherDomain: string): JsonObject {
  return {
    ...applicationFacts(application),
    deletedDateTime: null,
    publisherDomain,
    ...mergeProperties(defaults, application.properties),
    keyCredentials: application.keyCredentials.map((one) => formatKey(one)),
    passwordCredentials: application.passwordCredentials.map((one) => formatPassword(one)),
  };
}

/** What an application is filtered and sorted by: all of `applicationFilters`. */
export function applicationFacts({ properties, ...application }: Application): JsonObject {
  return {
    id: application.objectId,
    appId: application.appId,
    createdDateTime: formatTime(application.createdAt),
    displayName: application.displayName,
    identifierUris: [...application.identifierUris],
    signInAudience: properties['signInAudience'] ?? defaults['signInAudience'] ?? null,
    tags: properties['tags'] ?? [],
  };
}

/** What an application has that says nothing of it. */
const defaults: JsonObject = {
  addIns: [],
  api: {
    acceptMappedClaims: null,
    knownClientApplications: [],
    oauth2PermissionScopes: [],
    preAuthorizedApplications: [],
    requestedAccessTokenVersion: null,
  },
  appRoles: [],
  applicationTemplateId: null,
  certification: null,
  defaultRedirectUri: null,
  description: null,
  disabledByMicrosoftStatus: null,
  groupMembershipClaims: null,
  info: { logoUrl: null, marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
  isDeviceOnlyAuthSupported: null,
  isFallbackPublicClient: null,
  notes: null,
  optionalClaims: null,
  parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
  publicClient: { redirectUris: [] },
  requestSignatureVerification: null,
  requiredResourceAccess: [],
  samlMetadataUrl: null,
  serviceManagementReference: null,
  servicePrincipalLockConfiguration: null,
  signInAudience: 'AzureADMyOrg',
  spa: { redirectUris: [] },
  tags: [],
  tokenEncryptionKeyId: null,
  uniqueName: null,
  verifiedPublisher: { addedDateTime: null, displayName: null, verifiedPublisherId: null },
  web: {
    homePageUrl: null,
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    logoutUrl: null,
    redirectUriSettings: [],
    redirectUris: [],
  },
};
