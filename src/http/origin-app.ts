/**
 * The HTTP kernel: it finds the service that a request is for and answers for it when it breaks. Services are handed in as
 * fetch functions, so that this folder knows none of them.
 */
import { randomUUID } from 'node:crypto';
import { type Fetch, limitBody } from './limit-body.ts';
import { type PublicNames, publicNames, type ServiceName } from './public-names.ts';
import { serviceOf } from './service-of.ts';

/** What an origin is made of. */
export interface OriginParts<Connection> {
  readonly arm: Fetch<Connection>;
  readonly sts: Fetch<Connection>;
  readonly graph: Fetch<Connection>;
  /** Default: the public cloud's names. */
  readonly publicNames?: PublicNames;
  /** Where broken requests are told, with the id that the caller was given; default: nowhere. */
  readonly report?: (id: string, error: unknown) => void;
}

/** The largest body that any service reads: Resource Manager's limit, in bytes. */
const maxBodyBytes = 4 * 1024 * 1024;

/** One origin in front of the services. What a service throws is answered 500 with an id and no detail. */
export function originApp<Connection extends object>(
  parts: OriginParts<Connection>,
): { fetch(request: Request, connection?: Connection): Promise<Response> } {
  const names = parts.publicNames ?? publicNames;
  const services: Readonly<Record<ServiceName, Fetch<Connection>>> = {
    arm: parts.arm,
    sts: limitBody(parts.sts, maxBodyBytes, tooLarge),
    graph: limitBody(parts.graph, maxBodyBytes, tooLarge),
  };
  const serve = async (request: Request, connection: Connection | undefined): Promise<Response> => {
    const { host, pathname } = new URL(request.url);
    const service = services[serviceOf(request.headers.get('host') ?? host, pathname, names)];
    const response = await service(request, connection);
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
  return {
    fetch: (request, connection) =>
      serve(request, connection).catch((error: unknown) => {
        const id = randomUUID();
        parts.report?.(id, error);
        return broken(id);
      }),
  };
}

function broken(id: string): Response {
  const message = `The server encountered an internal error. The request id is '${id}'.`;
  return Response.json(
    { error: { code: 'InternalServerError', message } },
    { status: 500, headers: { 'x-ms-request-id': id } },
  );
}

function tooLarge(): Response {
  const message = `The request content exceeds the maximum size of ${maxBodyBytes} bytes.`;
  return Response.json({ error: { code: 'RequestEntityTooLarge', message } }, { status: 413 });
}
