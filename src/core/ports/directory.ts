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
  readonly passwordCredentials: readonly PasswordCredential[];
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
  principalType(objectId: string): PrincipalType | undefined;
  /** Object ids of the groups that the principal is in, transitively. */
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
  /** The writes that delete a principal. None when it does not exist. */
  planDeletion(objectId: string): readonly Write[];
}
