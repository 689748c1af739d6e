// What came over the wire becomes values here, and nothing further in reads a raw path, query or body. Lenient where clients
// are sloppy, strict where two readers could differ.

import { createHash } from 'node:crypto';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import type { ShownCertificate } from '../../core/ports/token-verifier.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';
import type { ArrivingRequest } from './arriving-request.ts';
import { parseIds, type RequestIds } from './ids.ts';
import { originOf } from './origin.ts';
import { parseTarget, type Target } from './target.ts';

/** A request as it came in, parsed: all that the later stages read of its line and headers. */
export interface Arrival {
  readonly method: string;
  readonly target: Target | Refusal;
  readonly ids: RequestIds;
  readonly origin: string;
  readonly now: EpochMillis;
  readonly clientAddress?: string;
  readonly shown: ShownCertificate;
  readonly request: ArrivingRequest;
  /** Of a request from within: texts of its body that the activity log must not hold. */
  readonly secrets?: ReadonlySet<string>;
  /** Of a request from within: the deployment stack that makes it. */
  readonly stackId?: string;
}

/** What the listener knows of the connection (the bindings of `@hono/node-server`). */
export interface Connection {
  readonly incoming?: {
    readonly socket?: {
      readonly remoteAddress?: string | undefined;
      /** Of a TLS connection: the client's certificate, when it showed one. */
      readonly getPeerX509Certificate?: () => { readonly raw: Uint8Array } | undefined;
    };
  };
}

/** Reads a request's line and headers; its body stays unread. */
export function parseArrival(
  request: ArrivingRequest,
  connection: Connection | undefined,
  own: { readonly origin: string; readonly clock: Clock; readonly random: Random },
): Arrival {
  const address = connection?.incoming?.socket?.remoteAddress;
  return {
    method: request.method.toUpperCase(),
    target: parseTarget(request.url),
    ids: parseIds(request.headers, own.random.uuid()),
    origin: originOf(hostOf(request), own.origin),
    now: own.clock.now(),
    ...(address === undefined ? {} : { clientAddress: address }),
    shown: () => thumbprintOf(connection),
    request,
  };
}

/** `x5t#S256` (RFC 8705 section 3.1) of the certificate that the connection's client has proved to have the key of. */
function thumbprintOf(connection: Connection | undefined): string | undefined {
  const certificate = connection?.incoming?.socket?.getPeerX509Certificate?.();
  return certificate === undefined ? undefined : createHash('sha256').update(certificate.raw).digest('base64url');
}

function hostOf({ headers, url }: ArrivingRequest): string | null {
  return headers.get('host') ?? (url.startsWith('/') ? null : new URL(url).host);
}

/** This request's absolute URL with the given query parameters over its own. */
export function linkOf(arrival: Arrival, over: Readonly<Record<string, string>>): string {
  if (isRefusal(arrival.target)) return arrival.origin;
  const query = new Map(arrival.target.query);
  for (const [name, value] of Object.entries(over)) query.set(name.toLowerCase(), value);
  const path = arrival.target.segments.map(encodeURIComponent).join('/');
  const text = [...query].map(([name, value]) => `${encodeName(name)}=${encodeURIComponent(value)}`).join('&');
  return `${arrival.origin}/${path}?${text}`;
}

function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/^%24/, '$');
}

/** Whether a method only reads: it changes nothing, and its body means nothing. */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
