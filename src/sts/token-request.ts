import type { X509Certificate } from 'node:crypto';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { parseDefaultScope } from '../core/token/scope.ts';
import { type ClientProof, jwtBearer } from './client-authentication/client-proof.ts';

/** The endpoint's form: `resource` and text numbers, `scope` and numbers, or either (as clients of an AD FS send). */
export type EndpointForm = 'v1' | 'v2' | 'adfs';

/** A token request, parsed; what it proves is not decided yet. */
export interface TokenRequest {
  readonly form: EndpointForm;
  readonly grantType: string;
  readonly clientId: string;
  readonly proof: ClientProof;
  readonly resource: string;
  readonly tokenType: TokenType;
}

/** `mtls_pop`: the token is bound to the certificate of the connection, and of no use without its key (RFC 8705). */
export type TokenType = 'Bearer' | 'mtls_pop';

/** What came in: the form fields, HTTP Basic credentials and the connection's client certificate where there were some. */
export interface RawTokenRequest {
  readonly fields: URLSearchParams;
  readonly basic?: { readonly clientId: string; readonly clientSecret: string };
  readonly certificate?: X509Certificate;
}

/** The grant types that are served. */
export const grantTypes: readonly string[] = ['client_credentials'];

/**
 * Parses a token request. Refuses `AADSTS9000411` (a parameter twice), `AADSTS900144` (one missing), `AADSTS70003` (another
 * grant), `AADSTS901002` (`resource` on version 2), a bad scope, and an assertion of another type (`AADSTS900144`, `AADSTS50027`).
 */
export function parseTokenRequest(
  { fields, basic, certificate }: RawTokenRequest,
  form: EndpointForm,
): TokenRequest | Refusal {
  const malformed = refuseDuplicate(fields) ?? refuseGrant(fields);
  if (malformed !== undefined) return malformed;
  const clientId = fields.get('client_id') || basic?.clientId;
  if (!clientId) return refuseMissing('client_id');
  const resource = parseResource(fields, form);
  if (isRefusal(resource)) return resource;
  const proof = parseProof(fields, basic?.clientSecret, certificate);
  if (isRefusal(proof)) return proof;
  const tokenType = parseTokenType(fields.get('token_type'), proof);
  if (isRefusal(tokenType)) return tokenType;
  return { form, grantType: fields.get('grant_type') ?? '', clientId, proof, resource, tokenType };
}

/** Only a client that proves itself by a certificate can have a token bound to it. Refuses `AADSTS90100`. */
function parseTokenType(written: string | null, proof: ClientProof): TokenType | Refusal {
  if (!written || written.toLowerCase() === 'bearer') return 'Bearer';
  if (written === 'mtls_pop' && (proof.method === 'tls' || proof.method === 'none')) return written;
  return refuse(
    'AADSTS90100',
    `token_type parameter is empty or not valid: '${written}'. It is 'bearer', or 'mtls_pop' with a client certificate alone.`,
  );
}

/** An assertion goes before a secret, and both before the connection's certificate: a client may have one and mean another proof. */
function parseProof(
  fields: URLSearchParams,
  basicSecret: string | undefined,
  certificate: X509Certificate | undefined,
): ClientProof | Refusal {
  const assertion = fields.get('client_assertion');
  const type = fields.get('client_assertion_type');
  if (assertion && !type) return refuseMissing('client_assertion_type');
  if (assertion && type !== jwtBearer) {
    return refuse('AADSTS50027', `JWT token is invalid or malformed: 'client_assertion_type' must be '${jwtBearer}'.`);
  }
  if (assertion) return { method: 'assertion', assertion };
  const secret = fields.get('client_secret') || basicSecret;
  if (secret) return { method: 'secret', secret };
  return certificate === undefined ? { method: 'none' } : { method: 'tls', certificate };
}

function refuseDuplicate(fields: URLSearchParams): Refusal | undefined {
  const twice = [...fields.keys()].find((name) => fields.getAll(name).length > 1);
  if (twice === undefined) return undefined;
  return refuse('AADSTS9000411', `The request is not properly formatted. The parameter '${twice}' is duplicated.`);
}

function refuseGrant(fields: URLSearchParams): Refusal | undefined {
  const grantType = fields.get('grant_type');
  if (!grantType) return refuseMissing('grant_type');
  if (grantTypes.includes(grantType)) return undefined;
  return refuse(
    'AADSTS70003',
    `The app requested an unsupported grant type '${grantType}'. Supported here: ${grantTypes.join(', ')}.`,
  );
}

function parseResource(fields: URLSearchParams, form: EndpointForm): string | Refusal {
  const resource = fields.get('resource');
  const oauthScope = fields.get('scope');
  if (form === 'v2' && resource !== null) {
    return refuse('AADSTS901002', "The 'resource' request parameter is not supported.");
  }
  if (form === 'v1' || (form === 'adfs' && !oauthScope)) return resource || refuseMissing('resource');
  return oauthScope ? parseDefaultScope(oauthScope) : refuseMissing('scope');
}

function refuseMissing(parameter: string): Refusal {
  return refuse('AADSTS900144', `The request body must contain the following parameter: '${parameter}'.`);
}
