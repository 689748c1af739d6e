import type { JsonObject } from '../../core/json.ts';
import type { Directory } from '../../core/ports/directory.ts';
import type { RecordedSignIn } from '../../core/ports/sign-in-log.ts';
import { sameId } from '../../core/resource-id.ts';
import { findKnownResource } from '../../core/token/audiences.ts';

/** `AADSTS500011` is error 500011. What the metadata service itself refused has no such number: these are our own. */
const deniedErrorCode = 403;
const failedErrorCode = 400;

/**
 * A sign-in as Graph's `signIn` of a managed identity. `posternActor` (the machine's user) and `posternRecord` (what the log has of
 * it, and its place there) are our own.
 * @see https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta
 */
export function formatSignIn(signIn: RecordedSignIn, directory: Directory): JsonObject {
  const { identity, user } = signIn;
  const principal = identity === undefined ? undefined : directory.servicePrincipal(identity.principalId);
  return {
    id: signIn.id,
    createdDateTime: new Date(signIn.time).toISOString(),
    appDisplayName: principal?.displayName ?? '',
    appId: identity?.clientId ?? '',
    servicePrincipalId: identity?.principalId ?? '',
    servicePrincipalName: principal?.displayName ?? '',
    ...formatResource(signIn, directory),
    correlationId: signIn.clientRequestId ?? signIn.id,
    ipAddress: '',
    clientAppUsed: '',
    conditionalAccessStatus: 'notApplied',
    isInteractive: false,
    signInEventTypes: ['managedIdentity'],
    clientCredentialType: 'managedIdentity',
    tokenIssuerType: 'AzureAD',
    uniqueTokenIdentifier: signIn.uti ?? '',
    status: formatStatus(signIn),
    ...(identity === undefined ? {} : { managedServiceIdentity: formatManagedIdentity(signIn, identity.resourceId) }),
    ...(user === undefined ? {} : { posternActor: { ...user, machineId: signIn.machineResourceId } }),
    posternRecord: formatRecord(signIn),
  };
}

function formatResource({ request }: RecordedSignIn, directory: Directory): JsonObject {
  const resource = request.query['resource'] ?? '';
  const principal = directory.servicePrincipalByName(resource);
  const known = findKnownResource(resource);
  return {
    resourceDisplayName: principal?.displayName ?? known?.displayName ?? resource,
    resourceId: principal?.appId ?? known?.appId ?? '',
    ...(principal === undefined ? {} : { resourceServicePrincipalId: principal.objectId }),
  };
}

function formatManagedIdentity({ machineResourceId }: RecordedSignIn, identityResourceId: string): JsonObject {
  const isOwn = sameId(machineResourceId, identityResourceId);
  return { msiType: isOwn ? 'systemAssigned' : 'userAssigned', associatedResourceId: machineResourceId };
}

function formatStatus({ outcome, access, failure }: RecordedSignIn): JsonObject {
  if (outcome === 'issued' || outcome === 'handedOver')
    return { errorCode: 0, failureReason: 'Other.', additionalDetails: null };
  const number = /^AADSTS(\d+)$/.exec(failure?.code ?? '')?.[1];
  const ours = outcome === 'denied' ? deniedErrorCode : failedErrorCode;
  return {
    errorCode: number === undefined ? ours : Number(number),
    failureReason: failure?.message ?? access?.rule ?? '',
    additionalDetails: access?.rule ?? failure?.code ?? null,
  };
}

function formatRecord({ number, hash, outcome, request, process, access }: RecordedSignIn): JsonObject {
  return {
    number,
    hash,
    outcome,
    request,
    ...(process === undefined ? {} : { process }),
    ...(access === undefined ? {} : { access }),
  };
}
