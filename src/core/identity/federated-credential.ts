import { isJsonObject, type Json } from '../json.ts';
import type { FederatedCredential } from '../ports/directory.ts';

// The rules of federated identity credentials, the same for applications (Graph) and user-assigned identities (ARM).
// Each wire words the faults in its own way: see `federated-fault.ts`.
// https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations

/** How many an application or an identity may have. */
export const maxFederatedCredentials = 20;

/** The longest issuer, subject, audience and description, in characters. */
export const maxFederatedLength = 600;

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}$/;

/** A federated credential as a request describes it. */
export type FederatedCredentialRequest = Omit<FederatedCredential, 'id'>;

/** What is wrong with a federated credential that somebody wants to make. */
export type FederatedFault =
  | { readonly fault: 'name'; readonly name: string }
  | { readonly fault: 'missing'; readonly field: 'issuer' | 'subject' | 'audiences' }
  | { readonly fault: 'audienceCount'; readonly count: number }
  | { readonly fault: 'tooLong'; readonly field: FederatedField; readonly length: number }
  | { readonly fault: 'issuer'; readonly issuer: string }
  | { readonly fault: 'whitespace'; readonly field: FederatedField; readonly value: string }
  | { readonly fault: 'combination'; readonly issuer: string; readonly subject: string }
  | { readonly fault: 'tooMany'; readonly limit: number };

/** The text fields of a federated credential. */
export type FederatedField = 'issuer' | 'subject' | 'audiences' | 'description';

/** Whether a result says what is wrong. */
export function isFederatedFault(value: object): value is FederatedFault {
  return 'fault' in value;
}

/** Reads a federated credential from its name and the object that describes it (ARM's `properties`, Graph's body). */
export function parseFederatedCredential(
  name: string,
  description: Json | undefined,
): FederatedCredentialRequest | FederatedFault {
  if (!namePattern.test(name)) return { fault: 'name', name };
  const fields = isJsonObject(description) ? description : {};
  const { issuer, subject, audiences } = fields;
  if (typeof issuer !== 'string' || issuer === '') return { fault: 'missing', field: 'issuer' };
  if (typeof subject !== 'string' || subject === '') return { fault: 'missing', field: 'subject' };
  if (!Array.isArray(audiences) || audiences.some((audience) => typeof audience !== 'string' || audience === '')) {
    return { fault: 'missing', field: 'audiences' };
  }
  const text = fields['description'];
  const request: FederatedCredentialRequest = {
    name,
    issuer,
    subject,
    audiences: audiences.map(String),
    ...(typeof text === 'string' && text !== '' ? { description: text } : {}),
  };
  return findFault(request) ?? request;
}

/**
 * Judges a federated credential beside those that its owner has; one of the same name is replaced, so it does not count.
 * Names are told apart without regard to letter case, issuers and subjects with it.
 */
export function judgeBeside(
  { name, issuer, subject }: FederatedCredentialRequest,
  existing: readonly FederatedCredential[],
): FederatedFault | undefined {
  const others = existing.filter((other) => other.name.toLowerCase() !== name.toLowerCase());
  if (others.some((other) => other.issuer === issuer && other.subject === subject)) {
    return { fault: 'combination', issuer, subject };
  }
  return others.length < maxFederatedCredentials ? undefined : { fault: 'tooMany', limit: maxFederatedCredentials };
}

function findFault(request: FederatedCredentialRequest): FederatedFault | undefined {
  const { issuer, subject, audiences, description = '' } = request;
  if (audiences.length !== 1) return { fault: 'audienceCount', count: audiences.length };
  const [audience = ''] = audiences;
  const texts: readonly (readonly [FederatedField, string])[] = [
    ['issuer', issuer],
    ['subject', subject],
    ['audiences', audience],
    ['description', description],
  ];
  for (const [field, value] of texts) {
    if (value.length > maxFederatedLength) return { fault: 'tooLong', field, length: value.length };
    if (field !== 'description' && value.trim() !== value) return { fault: 'whitespace', field, value };
  }
  return isIssuerUrl(issuer) ? undefined : { fault: 'issuer', issuer };
}

/** An `https` URL without user, query and fragment (OpenID Connect Discovery 1.0 section 3, `issuer`). */
function isIssuerUrl(issuer: string): boolean {
  return URL.canParse(issuer) && /^https:\/\/[^/?#@\s\\]+(\/[^?#\s\\]*)?$/i.test(issuer);
}
