/**
 * A metadata request as access is decided on it: decoded and folded, so that no way of spelling it decides otherwise. The
 * parameters that choose an identity are gone; the identity that they chose stands in their place.
 */
export interface CanonicalRequest {
  /** `/metadata/identity/oauth2/token`: lower case, decoded, without a trailing slash. */
  readonly path: string;
  /** By lower-case name, values in lower case; parameters without a value are not here. */
  readonly query: ReadonlyMap<string, string>;
  /** The identity that was selected, for a request that means one. */
  readonly identity?: SelectedIdentity;
}

/** The identity that a request means, by all its names. */
export interface SelectedIdentity {
  readonly principalId: string;
  readonly clientId: string;
  readonly resourceId: string;
}

/** The parameters that choose an identity, as IMDS spells them. */
export const identitySelectors = ['client_id', 'object_id', 'principal_id', 'msi_res_id', 'mi_res_id'] as const;

/** The parameter that names the resource for which a token is asked. */
export const resourceParameter = 'resource';

const selectors: ReadonlySet<string> = new Set(identitySelectors);

/**
 * The canonical form of a request whose target is parsed: decoded path segments and query parameters by name (each once). Equal
 * for requests that mean the same.
 */
export function canonicalRequest(
  segments: readonly string[],
  query: ReadonlyMap<string, string>,
  identity?: SelectedIdentity,
): CanonicalRequest {
  // A decoded segment can hold a slash of its own.
  const words = segments.join('/').toLowerCase().split('/');
  const path = `/${words.filter((word) => word !== '').join('/')}`;
  const canonical = { path, query: canonicalQuery(query) };
  return identity === undefined ? canonical : { ...canonical, identity };
}

function canonicalQuery(query: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const canonical = new Map<string, string>();
  for (const [name, value] of query) {
    const folded = foldParameter(name, value);
    if (!selectors.has(folded.name) && folded.value !== '') canonical.set(folded.name, folded.value);
  }
  return canonical;
}

/** A query parameter as it is compared: in lower case, and a resource without the slash that some clients end it with. */
export function foldParameter(name: string, value: string): { readonly name: string; readonly value: string } {
  const folded = { name: name.toLowerCase(), value: value.toLowerCase() };
  return folded.name === resourceParameter ? { ...folded, value: folded.value.replace(/\/+$/, '') } : folded;
}
