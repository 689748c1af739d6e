/** How IMDS answers a failure: the status and, on the identity endpoints, the `error` word. */
export interface ImdsWire {
  readonly status: 400 | 403 | 404 | 405 | 410 | 429 | 500;
  readonly error: string;
}

/** IMDS's failures. The keys are ours; `error` is the wire word. @see the IMDS swagger, IdentityErrorResponse */
export const imdsErrors = {
  imdsMetadataHeaderMissing: { status: 400, error: 'invalid_request' },
  imdsForwarded: { status: 400, error: 'invalid_request' },
  imdsForeignHost: { status: 403, error: 'access_denied' },
  imdsApiVersion: { status: 400, error: 'invalid_request' },
  imdsParameterMissing: { status: 400, error: 'invalid_request' },
  imdsParameterInvalid: { status: 400, error: 'invalid_request' },
  imdsIdentityNotFound: { status: 400, error: 'invalid_request' },
  imdsMultipleIdentities: { status: 400, error: 'invalid_request' },
  imdsBodyInvalid: { status: 400, error: 'invalid_request' },
  /** In-VM access control. `access_denied` is the swagger's word, from RFC 6749 section 4.1.2.1. */
  imdsAccessDenied: { status: 403, error: 'access_denied' },
  imdsNoLoadBalancer: { status: 404, error: 'not_found' },
  imdsNotFound: { status: 404, error: 'not_found' },
  imdsMethodNotAllowed: { status: 405, error: 'method_not_allowed' },
  imdsUpdating: { status: 410, error: 'service_unavailable' },
  imdsThrottled: { status: 429, error: 'invalid_request' },
  imdsUnknown: { status: 500, error: 'unknown' },
} as const satisfies Record<string, ImdsWire>;

/** An IMDS failure. */
export type ImdsErrorCode = keyof typeof imdsErrors;
