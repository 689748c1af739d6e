import type { EpochMillis } from '../../core/time.ts';
import type { Arrival } from '../parse/arrival.ts';
import { isPublicOrigin } from '../parse/origin.ts';

/** The region in `x-ms-routing-request-id`. Our own. */
const routingRegion = 'POSTERN';

/**
 * The headers that every answer of the resource manager carries. Strict-Transport-Security goes out under the public
 * names only: a browser holds it for a host whatever the port, so on `localhost` it would break other people's servers.
 * @see azure-resource-manager-rpc v1.0, common-api-details.md, "Client Response Headers"
 */
export function responseHeaders({ ids, now, origin }: Arrival): Record<string, string> {
  const headers: Record<string, string> = {
    'Cache-Control': 'no-cache',
    Pragma: 'no-cache',
    Expires: '-1',
    'X-Content-Type-Options': 'nosniff',
    'x-ms-request-id': ids.requestId,
    'x-ms-correlation-request-id': ids.correlationId,
    'x-ms-routing-request-id': `${routingRegion}:${formatBasicTime(now)}:${ids.requestId}`,
  };
  if (isPublicOrigin(origin)) headers['Strict-Transport-Security'] = 'max-age=31536000; includeSubDomains';
  if (ids.clientRequestId !== undefined && ids.returnsClientRequestId) {
    headers['x-ms-client-request-id'] = ids.clientRequestId;
  }
  return headers;
}

/** `20261123T225035Z`. */
function formatBasicTime(now: EpochMillis): string {
  const time = new Date(now);
  const date = time.getUTCFullYear() * 10_000 + (time.getUTCMonth() + 1) * 100 + time.getUTCDate();
  const clock = time.getUTCHours() * 10_000 + time.getUTCMinutes() * 100 + time.getUTCSeconds();
  return `${date}T${String(clock).padStart(6, '0')}Z`;
}
