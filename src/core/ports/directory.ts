import type { JsonObject } from '../json.ts';
import type { EpochMillis } from '../time.ts';
import type { Write } from './store.ts';

/** The directory's tenant. */
export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly defaultDomain: string;
  readonly createdAt: EpochMillis;
}

/** A client secret as the directory keeps it: never the secret, only its SHA-256 (the secrets are 256-bit random). */
export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string;
  /** First three characters of the secret, as Graph shows them. */
  readonly hint: string;
  /** base64url SHA-256 of the secret. */
  readonly secretSha256: string;
  readonly startMillis: EpochMillis;
  readonly endMillis: EpochMillis;
}

/** A certificate that a client signs its assertions with, as the directory keeps it. */
export interface KeyCredential {
  readonly keyId: string;
  readonly displayName: string;
  /** The certificate in DER, base64. Its thumbprints (`x5t`, `x5t#S256`) and its public key are read from it. */
  readonly certificate: string;
  readonly startMillis: EpochMillis;
  readonly endMillis: EpochMillis;
}

/**
 * A subject name that an application trusts in certificates of an authority ("subject name and issuer"): what the application
 * manifest's `trustedCertificateSubjects` declare.
 */
export interface TrustedCertificateSubject {
  readonly authorityId: string;
  /** A common name, a DNS name, or a whole distinguished name. */
  readonly subjectName: string;
  /** The authority's certificates in DER, base64. */
  readonly authorities: readonly string[];
  /** SHA-1 thumbprints or serial numbers, in hexadecimal. */
  readonly revokedCertificateIdentifiers: readonly string[];
}

/** A federated identity credential: whose assertions, about which subject, a client may present in place of a secret. */
export interface FederatedCredential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly description?: string;
}

/** Everything that a client may prove itself with: its application's credentials and its service principal's. */
export interface ClientCredentials {
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly keyCredentials: readonly KeyCredential[];
  readonly federatedCredentials: readonly FederatedCredential[];
  /** None when left out. */
  readonly trustedCertificateSubjects?: readonly TrustedCertificateSubject[];
}

/** An application permission on a resource of this directory: a role of the resource's application, given to a principal. */
export interface AppRoleGrant {
  /** Object id of the resource's service principal. */
  readonly resourceId: string;
  readonly appRoleId: string;
  readonly grantedAt: EpochMillis;
}

/** A service principal: an application's or a managed identity's. */
export interface ServicePrincipal {
  /** Object id: claim `oid`, ARM's `principalId`. */
  readonly objectId: string;
  /** Client id: claim `appid`. */
  readonly appId: string;
  readonly displayName: string;
  readonly servicePrincipalType: 'Application' | 'ManagedIdentity';
  readonly accountEnabled: boolean;
  /** For a managed identity: `isExplicit=True|False` and the resource id. */
  readonly alternativeNames: readonly string[];
  readonly servicePrincipalNames: readonly string[];
  /** For a managed identity: the resource it belongs to (the machine, or the user-assigned identity), as written. */
  readonly resourceId?: string;
  /** Application permissions on Microsoft Graph (claim `roles`), such as `Directory.Read.All`. */
  readonly appRoles: readonly string[];
  /** Application permissions on other resources; none when left out. */
  readonly appRoleGrants?: readonly AppRoleGrant[];
  readonly passwordCredentials: readonly PasswordCredential[];
  /** None when left out. */
  readonly keyCredentials?: readonly KeyCredential[];
  /** Object ids; none when left out. */
  readonly owners?: readonly string[];
  /** Properties of Graph's service principal that are kept as they were given. */
  readonly properties?: JsonObject;
  readonly createdAt: EpochMillis;
}

/** The principal types of role assignments. */
export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal' | 'ForeignGroup' | 'Device';

/** What the other services need of the directory. Reads are of memory, current as of the last committed write. */
export interface Directory {
  readonly tenant: Tenant;
  servicePrincipal(objectId: string): ServicePrincipal | undefined;
  servicePrincipalByAppId(appId: string): ServicePrincipal | undefined;
  /** The service principal of this app-id URI or app id, if one answers to it (`servicePrincipalNames`). */
  servicePrincipalByName(name: string): ServicePrincipal | undefined;
  /** The values of the roles that a principal has on a resource of this directory, by the object id of the resource's principal. */
  appRolesOn(principal: ServicePrincipal, resourceId: string): readonly string[];
  /** The version of the access tokens that a resource of this directory takes: its application's `api.requestedAccessTokenVersion`. */
  accessTokenVersionOf(resource: ServicePrincipal): 1 | 2;
  /** What the client of this app id may prove itself with; nothing when the directory does not know it. */
  credentialsOf(appId: string): ClientCredentials;
  /** By the object id of an application, or of a managed identity's service principal; by name. */
  federatedCredentialsOf(ownerObjectId: string): readonly FederatedCredential[];
  /** The write that makes or replaces a federated credential, by its owner and name. */
  planFederatedCredential(ownerObjectId: string, credential: FederatedCredential): readonly Write[];
  /** The write that takes a federated credential away. None when there is none of that name. */
  planFederatedCredentialRemoval(ownerObjectId: string, name: string): readonly Write[];
  principalType(objectId: string): PrincipalType | undefined;
  /** Object ids of the groups that the principal is in, transitively; the same list until a membership changes. */
  groupsOf(objectId: string): readonly string[];
  /**
   * A new managed identity's service principal and the writes that create it. The caller commits them in one transaction
   * with the resource that the identity belongs to, so that neither exists without the other.
   */
  planManagedIdentity(request: {
    readonly resourceId: string;
    readonly displayName: string;
    /** True for a user-assigned identity. */
    readonly isExplicit: boolean;
  }): { readonly principal: ServicePrincipal; readonly writes: readonly Write[] };
  /** The writes that let a managed identity belong to its resource under another id: the resource has been moved. */
  planRelocation(objectId: string, resourceId: string): readonly Write[];
  /** The writes that delete a principal, with its federated credentials. None when it does not exist. */
  planDeletion(objectId: string): readonly Write[];
}
