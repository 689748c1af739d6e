/** The statuses that Resource Manager answers, by the names that .NET's HttpStatusCode gives them, as the log shows them. */
const statusNames: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'NoContent',
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

/** `Forbidden` for 403; the number itself for a status without a name here. */
export function formatHttpStatusName(status: number): string {
  return statusNames[status] ?? String(status);
}
