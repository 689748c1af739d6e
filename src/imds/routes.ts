/** What an endpoint's path says of it. */
interface Path {
  readonly endpoint: string;
  readonly methods: readonly ('GET' | 'POST')[];
  /** It is not asked by programs of the machine alone, so the rules of the door do not hold. */
  readonly open?: boolean;
}

/** The paths without parts of their own, as a route table for the documents to be held against. */
export const paths = {
  '/metadata/identity/oauth2/token': { endpoint: 'token', methods: ['GET'] },
  '/metadata/identity/info': { endpoint: 'identityInfo', methods: ['GET'] },
  '/metadata/versions': { endpoint: 'versions', methods: ['GET'] },
  '/metadata/attested/document': { endpoint: 'attestedDocument', methods: ['GET'] },
  '/metadata/attested/authority.cer': { endpoint: 'authorityCertificate', methods: ['GET'], open: true },
  '/metadata/loadbalancer': { endpoint: 'loadBalancer', methods: ['GET'] },
  '/metadata/scheduledevents': { endpoint: 'scheduledEvents', methods: ['GET', 'POST'] },
  '/metadata/identity/getplatformmetadata': { endpoint: 'platformMetadata', methods: ['GET'] },
  '/metadata/identity/issuecredential': { endpoint: 'issueCredential', methods: ['POST'] },
} as const satisfies Record<string, Path>;

/** The names of the endpoints. */
export type EndpointName = (typeof paths)[keyof typeof paths]['endpoint'] | 'instance';

/** The endpoint that a request is for. */
export interface Route extends Path {
  readonly endpoint: EndpointName;
  /** The path below the endpoint's own, in lower case: `/metadata/instance` alone has one. */
  readonly below: readonly string[];
}

const routes: ReadonlyMap<string, Route> = new Map(
  Object.entries(paths).map(([path, entry]) => [path, { ...entry, below: [] }]),
);

/** The endpoint that a path (lower-case segments) belongs to; undefined for a path that does not exist. */
export function findRoute(segments: readonly string[]): Route | undefined {
  // An encoded slash is part of a name, and no name has one.
  if (segments.some((segment) => segment.includes('/'))) return undefined;
  if (segments[0] === 'metadata' && segments[1] === 'instance') {
    return { endpoint: 'instance', methods: ['GET'], below: segments.slice(2) };
  }
  return routes.get(`/${segments.join('/')}`);
}

/** Whether a target's errors have the shape of the identity endpoints, also where it cannot be parsed or does not exist. */
export function isIdentityTarget(url: string): boolean {
  return /^(http:\/\/[^/?#]*)?\/metadata\/identity(\/|\?|$)/i.test(url);
}
