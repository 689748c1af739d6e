import { type Refusal, refuse } from '../core/refusal.ts';

const forwarded = refuse(
  'imdsForwarded',
  "Requests with the header 'X-Forwarded-For' are not accepted; call the endpoint directly, without a proxy",
);

const headerMissing = refuse('imdsMetadataHeaderMissing', 'Required metadata header not specified');

/**
 * The rules that hold for every request to a known path, whatever it asks: not forwarded, and the header `Metadata: true`,
 * which a browser or a server tricked into fetching a URL does not send. Undefined when all hold. Refuses `imdsForwarded`,
 * `imdsMetadataHeaderMissing`.
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service "Security and authentication", "Proxies"
 */
export function checkDoor(rawHeaders: readonly string[]): Refusal | undefined {
  let metadata: boolean | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (isNamed(name, 'x-forwarded-for')) return forwarded;
    // Every one of several must say so. Microsoft's own samples also write `True`.
    if (isNamed(name, 'metadata')) metadata = metadata !== false && rawHeaders[at + 1]?.toLowerCase() === 'true';
  }
  return metadata === true ? undefined : headerMissing;
}

/** Whether an endpoint takes the method. Refuses `imdsMethodNotAllowed`, naming those that it takes. */
export function checkMethod(method: string, allowed: readonly string[]): Refusal | undefined {
  if (allowed.includes(method)) return undefined;
  return refuse('imdsMethodNotAllowed', `This endpoint accepts ${allowed.join(' and ')} only`, {
    headers: { Allow: allowed.join(', ') },
  });
}

/** The length first: this runs for every header of every request. */
function isNamed(name: string, lowerCase: string): boolean {
  return name.length === lowerCase.length && name.toLowerCase() === lowerCase;
}
