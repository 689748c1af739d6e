/** How one AADSTS failure is answered: HTTP status and OAuth `error` (RFC 6749 section 5.2). */
export interface OAuthWire {
  readonly status: 400 | 401 | 405 | 413 | 500;
  readonly error: string;
}

/**
 * The token service's failures by AADSTS number, as the Entra error reference lists them.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const oauthErrors = {
  AADSTS50049: { status: 400, error: 'invalid_instance' },
  AADSTS500011: { status: 400, error: 'invalid_resource' },
  AADSTS700016: { status: 400, error: 'unauthorized_client' },
  AADSTS7000215: { status: 401, error: 'invalid_client' },
  AADSTS7000222: { status: 401, error: 'invalid_client' },
  AADSTS7000216: { status: 401, error: 'invalid_client' },
  AADSTS7000112: { status: 401, error: 'unauthorized_client' },
  AADSTS70003: { status: 400, error: 'unsupported_grant_type' },
  AADSTS70011: { status: 400, error: 'invalid_scope' },
  AADSTS1002012: { status: 400, error: 'invalid_scope' },
  AADSTS90002: { status: 400, error: 'invalid_request' },
  AADSTS9001023: { status: 400, error: 'invalid_request' },
  AADSTS900144: { status: 400, error: 'invalid_request' },
  AADSTS900561: { status: 405, error: 'invalid_request' },
  AADSTS901002: { status: 400, error: 'invalid_request' },
  AADSTS50059: { status: 400, error: 'invalid_request' },
  /** An assertion that has been used. */
  AADSTS50013: { status: 401, error: 'invalid_client' },
  AADSTS50027: { status: 400, error: 'invalid_request' },
  /** The issuer of a federated assertion does not answer, or may not be asked. */
  AADSTS501661: { status: 400, error: 'invalid_request' },
  /** A token header that names no key. */
  AADSTS5002723: { status: 401, error: 'invalid_client' },
  /** A signature algorithm that is not taken. */
  AADSTS5002738: { status: 401, error: 'invalid_client' },
  AADSTS70021: { status: 400, error: 'invalid_request' },
  AADSTS700021: { status: 401, error: 'invalid_client' },
  AADSTS700023: { status: 401, error: 'invalid_client' },
  AADSTS700024: { status: 401, error: 'invalid_client' },
  AADSTS700027: { status: 401, error: 'invalid_client' },
  AADSTS700030: { status: 401, error: 'invalid_client' },
  AADSTS700211: { status: 401, error: 'invalid_client' },
  AADSTS700212: { status: 401, error: 'invalid_client' },
  AADSTS7002121: { status: 401, error: 'invalid_client' },
  AADSTS700213: { status: 401, error: 'invalid_client' },
  /** Only managed identities' tokens are assertions; an application's is not. */
  AADSTS700226: { status: 401, error: 'invalid_client' },
  /** A client that proved itself by federation cannot lend that proof on. */
  AADSTS700231: { status: 401, error: 'invalid_client' },
  /** A machine's certificate: its time, its issuer, what it says. Clients then ask for a new one. */
  AADSTS1000610: { status: 401, error: 'invalid_client' },
  AADSTS1000611: { status: 401, error: 'invalid_client' },
  AADSTS1000612: { status: 401, error: 'invalid_client' },
  AADSTS900023: { status: 400, error: 'invalid_request' },
  AADSTS9000411: { status: 400, error: 'invalid_request' },
  AADSTS90100: { status: 400, error: 'invalid_request' },
} as const satisfies Record<string, OAuthWire>;

/** An AADSTS failure. */
export type OAuthErrorCode = keyof typeof oauthErrors;

/** Whether a refusal's code is the token service's. */
export function isOAuthErrorCode(code: string): code is OAuthErrorCode {
  return Object.hasOwn(oauthErrors, code);
}
