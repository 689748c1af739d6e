import type { ArrivingRequest } from './arriving-request.ts';

/** The ids that one request and its answer are known by. */
export interface RequestIds {
  /** `x-ms-request-id`: of this request alone; what a support question quotes. */
  readonly requestId: string;
  /** `x-ms-correlation-request-id`: of the whole operation; the caller's when it sent one. */
  readonly correlationId: string;
  /** `x-ms-client-request-id`, when the caller sent one. */
  readonly clientRequestId?: string;
  /** Whether the client's id is to be sent back (`x-ms-return-client-request-id: true`). */
  readonly returnsClientRequestId: boolean;
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const clientId = /^[\x21-\x7e]{1,128}$/;

/**
 * Reads a request's ids. A correlation id that is no GUID is replaced; a client id that is not short printable ASCII is dropped.
 * @see azure-resource-manager-rpc v1.0, common-api-details.md, "Client Request Headers"
 */
export function parseIds(headers: ArrivingRequest['headers'], requestId: string): RequestIds {
  const correlation = headers.get('x-ms-correlation-request-id') ?? '';
  const client = headers.get('x-ms-client-request-id') ?? '';
  return {
    requestId,
    correlationId: guid.test(correlation) ? correlation.toLowerCase() : requestId,
    ...(clientId.test(client) ? { clientRequestId: client } : {}),
    returnsClientRequestId: headers.get('x-ms-return-client-request-id')?.toLowerCase() === 'true',
  };
}
