import type { KeyCredential } from '../ports/directory.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { EpochMillis } from '../time.ts';
import { type AssertionClaims, malformed, refuseTimes } from './assertion-claims.ts';
import { type EndpointOwner, isTokenEndpointAudience } from './token-endpoint-audience.ts';

const documentation =
  'Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .';

/**
 * Judges what an assertion that a client signed with its certificate says: it is the client's own (`AADSTS700021`), for our token
 * endpoint (`AADSTS700023`), within its times (`AADSTS700024`), and has an id, without which it could not be taken only once.
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials, "Claims (payload)"
 */
export function refuseCertificateClaims(
  claims: AssertionClaims,
  { clientId, owner, now }: { readonly clientId: string; readonly owner: EndpointOwner; readonly now: EpochMillis },
): Refusal | undefined {
  if (!isSame(claims.issuer, clientId) || !isSame(claims.subject, clientId)) {
    return refuse(
      'AADSTS700021',
      `Client assertion application identifier doesn't match 'client_id' parameter. ${documentation}`,
    );
  }
  if (!isTokenEndpointAudience(claims.audience, owner)) {
    return refuse('AADSTS700023', `Client assertion audience claim does not match Realm issuer. ${documentation}`);
  }
  if (claims.id === undefined) return malformed("'jti' is missing");
  return refuseTimes(claims, now);
}

/** Whether an assertion is one that the client makes itself, with its certificate; else another issuer made it. */
export function isOwnAssertion({ issuer }: AssertionClaims, clientId: string): boolean {
  return isSame(issuer, clientId);
}

/** `AADSTS700027`, for a certificate that the application does not have. */
export function refuseUnknownCertificate(appId: string, thumbprint: string | undefined): Refusal {
  const named = thumbprint === undefined ? '' : `Thumbprint of key used by client: '${thumbprint}', `;
  return refuse(
    'AADSTS700027',
    `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., ${named}Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${appId}'.]`,
  );
}

/** `AADSTS700027`, for a signature that the certificate did not make. */
export function refuseSignature(thumbprint: string): Refusal {
  return refuse(
    'AADSTS700027',
    `Client assertion contains an invalid signature. [Reason - The key was found, but use of the key to verify the signature failed., Thumbprint of key used by client: '${thumbprint}']`,
  );
}

/** `AADSTS700027`, for a certificate outside its times. */
export function refuseCertificateTimes(
  { startMillis, endMillis }: Pick<KeyCredential, 'startMillis' | 'endMillis'>,
  thumbprint: string,
  now: EpochMillis,
): Refusal | undefined {
  if (startMillis <= now && now < endMillis) return undefined;
  const which = now < startMillis ? 'not yet valid' : 'expired';
  const times = `Start=${formatKeyTime(startMillis)}, End=${formatKeyTime(endMillis)}`;
  return refuse(
    'AADSTS700027',
    `Client assertion contains an invalid signature. [Reason - The key used is ${which}., Thumbprint of key used by client: '${thumbprint}', Found key '${times}']`,
  );
}

/** `01/23/2021 09:13:33`, as the captured messages write times. */
function formatKeyTime(millis: EpochMillis): string {
  const [date = '', time = ''] = new Date(millis).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year} ${time.slice(0, 8)}`;
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
