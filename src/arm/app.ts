// The resource manager: every request passes the same stages (parse, api-version, authenticate, containers, permit, provide,
// record, respond), a folder each. What is done to a resource is its provider's, which sees the provider contract alone.

import type { Json } from '../core/json.ts';
import type { Machines } from '../core/ports/machines.ts';
import type { CurrentRealism } from '../core/ports/realism.ts';
import type { TokenVerifier } from '../core/ports/token-verifier.ts';
import { isRefusal, refuse } from '../core/refusal.ts';
import { regions } from '../core/regions.ts';
import { admit } from './admit.ts';
import { accountOfRequests } from './containers/under-way.ts';
import type { Door } from './door.ts';
import { catalogOf } from './generic/catalog.ts';
import { genericRoutes } from './generic/generic-routes.ts';
import { innerDoor } from './inner-door.ts';
import { locksOver } from './locks/locks.ts';
import { endpointsDocument, isMetadataPath } from './metadata/endpoints.ts';
import { operationsOver } from './operations/operations.ts';
import { type Arrival, type Connection, parseArrival } from './parse/arrival.ts';
import type { ArrivingRequest } from './parse/arriving-request.ts';
import type { Target } from './parse/target.ts';
import { pass } from './pass.ts';
import type { InnerDoor, Provider, ProviderContext } from './provider-contract.ts';
import type { Report } from './report.ts';
import { type Reply, replyOf, type Written, writeReply } from './respond/respond.ts';
import { routeFinder } from './route/find-route.ts';
import { compileRoutes } from './route/match.ts';

/** What the resource manager is made of. */
export interface ResourceManagerParts {
  readonly context: ProviderContext;
  readonly verifier: TokenVerifier;
  readonly providers: readonly Provider[];
  readonly machines: Machines;
  /** Our own origin, such as `https://localhost:8443`: known once the listener has its port. */
  readonly origin: () => string;
  readonly tenantId: string;
  readonly realism?: CurrentRealism;
  /** Where bugs and broken I/O are told; default: nowhere. */
  readonly report?: Report;
}

/** The resource manager: what answers a request, and what its long-running operations need at start and stop. */
export interface ResourceManagerApp {
  readonly answer: (request: ArrivingRequest, connection?: Connection) => Promise<Written>;
  /** The same for the Fetch API. */
  readonly fetch: (request: Request, connection?: Connection) => Promise<Response>;
  /** The same from within, for providers. */
  readonly inner: InnerDoor;
  /** Takes up the works that were running when the process ended. Call once, after everything is wired. */
  readonly resume: () => Promise<void>;
  /** Resolves when no work is going on. */
  readonly idle: () => Promise<void>;
  /** For a graceful stop, once no request comes in any more: waits for the works. */
  readonly drain: () => Promise<void>;
}

/** Makes the resource manager's front door over its providers. */
export function resourceManagerApp(parts: ResourceManagerParts): ResourceManagerApp {
  const { context, providers, origin } = parts;
  const report = parts.report ?? (() => undefined);
  const underWay = accountOfRequests();
  const operations = operationsOver(context, providers, report, underWay);
  const { verifier, machines, tenantId } = parts;
  const { realism } = parts;
  const authentication = {
    verifier,
    directory: context.directory,
    machines,
    tenantId,
    origin,
    ...(realism === undefined ? {} : { realism }),
  };
  const door: Door = {
    context,
    authentication,
    findRoute: routeFinder(compileRoutes(providers)),
    findGenericRoute: genericRoutes(context, providers),
    catalog: catalogOf(() => providers),
    operations,
    underWay,
    locks: locksOver(context.store),
    report,
  };
  const answer = async (request: ArrivingRequest, connection?: Connection): Promise<Written> => {
    const own = { origin: origin(), clock: context.clock, random: context.random };
    const arrival = parseArrival(request, connection, own);
    return writeReply(arrival, await serveSafely(door, arrival));
  };
  return {
    answer,
    inner: innerDoor(door),
    fetch: async (request, connection) => {
      const { status, headers, body } = await answer(request, connection);
      return new Response(body ?? null, { status, headers });
    },
    resume: operations.resume,
    idle: operations.idle,
    drain: operations.idle,
  };
}

async function serveSafely(door: Door, arrival: Arrival): Promise<Reply> {
  try {
    return await serve(door, arrival);
  } catch (error) {
    const id = arrival.ids.requestId;
    door.report(id, error);
    return replyOf(
      refuse('InternalServerError', `The server encountered an internal error. The request id is '${id}'.`),
    );
  }
}

async function serve(door: Door, arrival: Arrival): Promise<Reply> {
  if (isRefusal(arrival.target)) return replyOf(arrival.target);
  if (isMetadataPath(arrival.target.segments)) return serveMetadata(arrival, arrival.target);
  const admitted = await admit(door, arrival, arrival.target);
  if (isRefusal(admitted)) return replyOf(admitted);
  return 'status' in admitted ? admitted : pass(door, admitted);
}

function serveMetadata({ method, origin }: Arrival, { query }: Target): Reply {
  if (method !== 'GET' && method !== 'HEAD') {
    const message = `The HTTP method '${method}' is not supported at this path. The supported methods are 'GET'.`;
    return replyOf(refuse('HttpMethodNotAllowed', message, { headers: { Allow: 'GET' } }));
  }
  const document = endpointsDocument(
    query,
    origin,
    regions.map((region) => region.displayName),
  );
  return isRefusal(document) ? replyOf(document) : { status: 200, body: document as Json };
}
