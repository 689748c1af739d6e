import type { IdentitySelectors } from '../core/identity/select-identity.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { firstIdentityVersion, parseApiVersion } from './api-versions.ts';

/** A token request, parsed from its query. */
export interface TokenRequest {
  /** As it was written: becomes the token's audience. */
  readonly resource: string;
  readonly selectors: IdentitySelectors;
  /** Asks for a token that is issued now. */
  readonly bypassCache: boolean;
}

/**
 * The selectors' spellings: IMDS's own, and App Service's, which some clients also send to IMDS.
 * @see Microsoft.Authentication.Client (MSAL .NET) Constants.ManagedIdentityResourceId
 */
const selectorNames = [
  ['client_id', 'clientId'],
  ['object_id', 'objectId'],
  ['principal_id', 'objectId'],
  ['msi_res_id', 'msiResId'],
  ['mi_res_id', 'msiResId'],
] as const satisfies readonly (readonly [string, keyof IdentitySelectors])[];

/**
 * Parses the query of a token request; parameters that it does not know it ignores, as IMDS does (`xms_cc`, `authority`).
 * Refuses `imdsParameterMissing`, `imdsParameterInvalid`, `imdsApiVersion`.
 * @see Azure REST API specifications, imds 2023-07-01, Identities_acquireToken
 */
export function parseTokenRequest(query: ReadonlyMap<string, string>): TokenRequest | Refusal {
  const apiVersion = query.get('api-version');
  if (apiVersion === undefined || apiVersion === '') return missing('api-version');
  const version = parseApiVersion(apiVersion, firstIdentityVersion);
  if (isRefusal(version)) return version;
  const resource = query.get('resource');
  if (resource === undefined || resource === '') return missing('resource');
  const selectors = parseSelectors(query);
  if (isRefusal(selectors)) return selectors;
  const bypass = query.get('bypass_cache');
  if (bypass !== undefined && bypass.toLowerCase() !== 'true') {
    return refuse('imdsParameterInvalid', "The query variable 'bypass_cache' can only be 'true'");
  }
  return { resource, selectors, bypassCache: bypass !== undefined };
}

/** The selectors of a query. Refuses `imdsParameterInvalid` for more than one. */
export function parseSelectors(query: ReadonlyMap<string, string>): IdentitySelectors | Refusal {
  const given = selectorNames.filter(([name]) => query.has(name));
  const [first, second] = given;
  if (first === undefined) return {};
  if (second !== undefined) {
    const names = given.map(([name]) => `'${name}'`).join(' and ');
    return refuse('imdsParameterInvalid', `Only one identity can be specified, by one query variable; found ${names}`);
  }
  return { [first[1]]: query.get(first[0]) as string };
}

function missing(name: string): Refusal {
  return refuse('imdsParameterMissing', `Required query variable '${name}' is missing`);
}
