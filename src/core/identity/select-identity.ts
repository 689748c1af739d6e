import type { AttachedIdentity } from '../ports/machines.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { sameId } from '../resource-id.ts';

/** The identity that a token request names, by at most one of its three names. */
export interface IdentitySelectors {
  readonly clientId?: string;
  readonly objectId?: string;
  /** The ARM id of a user-assigned identity. */
  readonly msiResId?: string;
}

const identityNotFound = refuse('imdsIdentityNotFound', 'Identity not found');

const multipleIdentities = refuse(
  'imdsMultipleIdentities',
  'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
);

const severalSelectors = refuse(
  'imdsParameterInvalid',
  "Only one of the query variables 'client_id', 'object_id' and 'msi_res_id' can be specified",
);

/**
 * Which of a machine's identities a token request means: the one that is named; without a name the system-assigned one, else
 * the only user-assigned one. Refuses `imdsIdentityNotFound`, `imdsMultipleIdentities`, `imdsParameterInvalid` (several names).
 * The texts are Azure's, except the last, which Azure does not document.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-faq "What identity will IMDS default to"
 */
export function selectIdentity(
  identities: readonly AttachedIdentity[],
  selectors: IdentitySelectors,
): AttachedIdentity | Refusal {
  const named = Object.values(selectors).filter((value) => value !== undefined);
  if (named.length > 1) return severalSelectors;
  if (named.length === 0) return defaultIdentity(identities);
  return identities.find((identity) => isNamed(identity, selectors)) ?? identityNotFound;
}

function defaultIdentity(identities: readonly AttachedIdentity[]): AttachedIdentity | Refusal {
  const systemAssigned = identities.find((identity) => identity.kind === 'systemAssigned');
  if (systemAssigned !== undefined) return systemAssigned;
  if (identities.length > 1) return multipleIdentities;
  return identities[0] ?? identityNotFound;
}

/** A machine's own id is not the id of an identity: `msi_res_id` names user-assigned ones only. */
function isNamed(identity: AttachedIdentity, { clientId, objectId, msiResId }: IdentitySelectors): boolean {
  if (clientId !== undefined) return sameGuid(identity.clientId, clientId);
  if (objectId !== undefined) return sameGuid(identity.principalId, objectId);
  return identity.kind === 'userAssigned' && msiResId !== undefined && sameId(identity.resourceId, msiResId);
}

function sameGuid(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
