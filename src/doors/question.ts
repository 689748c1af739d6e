import type { IncomingMessage } from 'node:http';
import type { IdentitySelectors } from '../core/identity/select-identity.ts';
import { type Refusal, refuse } from '../core/refusal.ts';

/** A token request at a door: what it asks for, and whose. */
export interface DoorQuestion {
  readonly apiVersion: string;
  readonly resource: string;
  readonly selectors: IdentitySelectors;
}

/** The names by which clients name an identity, at App Service's and at Arc's endpoint. */
const selectorNames: Readonly<Record<string, keyof IdentitySelectors>> = {
  client_id: 'clientId',
  clientid: 'clientId',
  object_id: 'objectId',
  principal_id: 'objectId',
  mi_res_id: 'msiResId',
  msi_res_id: 'msiResId',
};

/** A request target's path without a slash at its end; undefined for a target that is no URL, such as `//`. */
export function pathOf(url: string): string | undefined {
  return URL.parse(url, 'http://door')?.pathname.replace(/\/$/, '');
}

const longestRequestId = 256;

/** The caller's own id of a request, for the sign-in log; one that is too long to be one is nobody's. */
export function clientRequestIdOf({ headers }: IncomingMessage): string | undefined {
  const id = headers['x-ms-client-request-id'];
  return typeof id === 'string' && id !== '' && id.length <= longestRequestId ? id : undefined;
}

/**
 * Reads a token request's query; names have no letter case. Refuses `imdsParameterMissing`, and `imdsParameterInvalid` for
 * what is given twice and for more than one identity.
 */
export function parseQuestion(url: string): DoorQuestion | Refusal {
  const query = new Map<string, string>();
  for (const [name, value] of new URL(url, 'http://door').searchParams) {
    const key = name.toLowerCase();
    if (query.has(key))
      return refuse('imdsParameterInvalid', `The query variable '${key}' is specified more than once`);
    query.set(key, value);
  }
  for (const name of ['api-version', 'resource']) {
    if (!query.get(name)) return refuse('imdsParameterMissing', `Required query variable '${name}' is missing`);
  }
  const named = Object.entries(selectorNames).filter(([name]) => query.has(name));
  if (named.length > 1) {
    const names = named.map(([name]) => `'${name}'`).join(' and ');
    return refuse('imdsParameterInvalid', `Only one identity can be specified, by one query variable; found ${names}`);
  }
  const selectors = Object.fromEntries(named.map(([name, selector]) => [selector, query.get(name) ?? '']));
  return { apiVersion: query.get('api-version') ?? '', resource: query.get('resource') ?? '', selectors };
}
