import type { JsonObject } from '../json.ts';
import type { FederatedCredential, ServicePrincipal } from '../ports/directory.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { AssertionClaims } from './assertion-claims.ts';
import { findKnownResource } from './audiences.ts';

const documentation = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';
const check =
  'Please check your federated identity credential Subject, Audience and Issuer against the presented assertion.';

/** An assertion beside the federated credentials of the client that presents it. */
export interface FederatedQuestion {
  readonly claims: AssertionClaims;
  readonly credentials: readonly FederatedCredential[];
  /** Whether its issuer is this tenant itself. */
  readonly issuedHere: boolean;
}

/**
 * Finds the federated credential that an assertion matches: issuer, audience and subject, exactly, letter case included. Says
 * which of them fits none, in that order: `AADSTS700211`, `AADSTS700212` (`AADSTS7002121` for our own tokens), `AADSTS700213`; or
 * `AADSTS70021` when there are no credentials at all. Our own tokens carry the audience's application id where the credential
 * has its name (`api://AzureADTokenExchange`).
 */
export function matchFederatedCredential(question: FederatedQuestion): FederatedCredential | Refusal {
  const { claims, credentials, issuedHere } = question;
  if (credentials.length === 0) return refuseWithout(claims);
  const ofIssuer = credentials.filter(({ issuer }) => issuer === claims.issuer);
  if (ofIssuer.length === 0) return refuseIssuer(claims.issuer);
  const forAudience = ofIssuer.filter((credential) => takesAudience(credential, question));
  if (forAudience.length === 0) return refuseAudience(claims.audience, issuedHere);
  return forAudience.find(({ subject }) => subject === claims.subject) ?? refuseSubject(claims.subject);
}

function takesAudience({ audiences }: FederatedCredential, { claims, issuedHere }: FederatedQuestion): boolean {
  return audiences.some(
    (audience) =>
      audience === claims.audience || (issuedHere && findKnownResource(audience)?.appId === claims.audience),
  );
}

function refuseWithout({ issuer, subject, audience }: AssertionClaims): Refusal {
  return refuse(
    'AADSTS70021',
    `No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. Assertion Subject: '${subject}'. Assertion Audience: '${audience}'. ${documentation}`,
  );
}

function refuseIssuer(issuer: string): Refusal {
  return refuse(
    'AADSTS700211',
    `No matching federated identity record found for presented assertion issuer '${issuer}'. ${check} ${documentation}`,
  );
}

function refuseAudience(audience: string, issuedHere: boolean): Refusal {
  return refuse(
    issuedHere ? 'AADSTS7002121' : 'AADSTS700212',
    `No matching federated identity record found for presented assertion audience '${audience}'. ${check} ${documentation}`,
  );
}

function refuseSubject(subject: string): Refusal {
  return refuse(
    'AADSTS700213',
    `No matching federated identity record found for presented assertion subject '${subject}'. Please note that the matching is done using a case-sensitive comparison. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${documentation}`,
  );
}

/**
 * Why one of this tenant's own tokens, correctly signed, is no proof for another client; undefined when it is one. Only a managed
 * identity's is (`AADSTS700226`), and only one that the identity got on its machine: what it got by federation itself is not
 * lent on (`AADSTS700231`). An identity that is gone or disabled lends nothing (`AADSTS700027`).
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function refuseOwnToken(
  claims: JsonObject,
  principal: ServicePrincipal | undefined,
  tenantId: string,
): Refusal | undefined {
  if (claims['tid'] !== tenantId || principal === undefined || !principal.accountEnabled) {
    return refuse(
      'AADSTS700027',
      'Client assertion failed signature validation. [Reason - The identity that it was issued to does not exist or is disabled.]',
    );
  }
  if (principal.servicePrincipalType !== 'ManagedIdentity') {
    return refuse('AADSTS700226', 'Only MSI tokens may be used as Federated Identity Credentials for AAD issuer.');
  }
  if (claims['cnf'] !== undefined) {
    return refuse(
      'AADSTS700027',
      'Client assertion failed validation. [Reason - The token is bound to a certificate.]',
    );
  }
  if (isUserAssigned(principal) && claims['xms_az_rid'] === undefined) {
    return refuse('AADSTS700231', 'Chained Federated Identity Credentials are not supported.');
  }
  return undefined;
}

function isUserAssigned({ alternativeNames }: ServicePrincipal): boolean {
  return alternativeNames.some((name) => name.toLowerCase() === 'isexplicit=true');
}
