/** An endpoint of the metadata service. */
export type Route =
  | { readonly endpoint: 'token' | 'identityInfo' | 'versions' }
  /** `element` is the path below `/metadata/instance`, in lower case. */
  | { readonly endpoint: 'instance'; readonly element: readonly string[] };

/** The paths without parts of their own, as a route table for the documents to be held against. */
export const paths = {
  '/metadata/identity/oauth2/token': 'token',
  '/metadata/identity/info': 'identityInfo',
  '/metadata/versions': 'versions',
} as const satisfies Record<string, Route['endpoint']>;

const endpoints: ReadonlyMap<string, (typeof paths)[keyof typeof paths]> = new Map(Object.entries(paths));

/** The endpoint that a path (lower-case segments) belongs to; undefined for a path that does not exist. */
export function findRoute(segments: readonly string[]): Route | undefined {
  // An encoded slash is part of a name, and no name has one.
  if (segments.some((segment) => segment.includes('/'))) return undefined;
  if (segments[0] === 'metadata' && segments[1] === 'instance') {
    return { endpoint: 'instance', element: segments.slice(2) };
  }
  const endpoint = endpoints.get(`/${segments.join('/')}`);
  return endpoint === undefined ? undefined : { endpoint };
}

/** Whether a target's errors have the shape of the identity endpoints, also where it cannot be parsed or does not exist. */
export function isIdentityTarget(url: string): boolean {
  return /^(http:\/\/[^/?#]*)?\/metadata\/identity(\/|\?|$)/i.test(url);
}
