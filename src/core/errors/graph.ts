/**
 * Microsoft Graph's error codes and statuses; the code is the wire word (`error.code`).
 * @see https://learn.microsoft.com/graph/errors
 */
export const graphErrors = {
  InvalidAuthenticationToken: 401,
  Authorization_RequestDenied: 403,
  Request_BadRequest: 400,
  BadRequest: 400,
  Request_UnsupportedQuery: 400,
  InvalidFederatedIdentityCredentialValue: 400,
  DuplicateValue: 400,
  CannotDeleteOrUpdateEnabledEntitlement: 400,
  Request_ResourceNotFound: 404,
  ResourceNotFound: 404,
  MethodNotAllowed: 405,
  Request_MultipleObjectsWithSameKeyValue: 409,
} as const satisfies Record<string, number>;

/** A Microsoft Graph error code. */
export type GraphErrorCode = keyof typeof graphErrors;
