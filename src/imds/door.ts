import { type Refusal, refuse } from '../core/refusal.ts';

const methodNotAllowed = refuse('imdsMethodNotAllowed', 'This endpoint accepts GET only', {
  headers: { Allow: 'GET' },
});

const forwarded = refuse(
  'imdsForwarded',
  "Requests with the header 'X-Forwarded-For' are not accepted; call the endpoint directly, without a proxy",
);

const headerMissing = refuse('imdsMetadataHeaderMissing', 'Required metadata header not specified');

/**
 * The rules that hold for every request to a known path, whatever it asks: GET, not forwarded, and the header
 * `Metadata: true`, which a browser or a server tricked into fetching a URL does not send. Undefined when all hold.
 * Refuses `imdsMethodNotAllowed`, `imdsForwarded`, `imdsMetadataHeaderMissing`.
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service "Security and authentication", "Proxies"
 */
export function checkDoor(method: string | undefined, rawHeaders: readonly string[]): Refusal | undefined {
  if (method !== 'GET') return methodNotAllowed;
  let metadata: boolean | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (isNamed(name, 'x-forwarded-for')) return forwarded;
    // Every one of several must say so. Microsoft's own samples also write `True`.
    if (isNamed(name, 'metadata')) metadata = metadata !== false && rawHeaders[at + 1]?.toLowerCase() === 'true';
  }
  return metadata === true ? undefined : headerMissing;
}

/** The length first: this runs for every header of every request. */
function isNamed(name: string, lowerCase: string): boolean {
  return name.length === lowerCase.length && name.toLowerCase() === lowerCase;
}
