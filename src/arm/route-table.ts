import { genericEndpoints } from './generic/generic-operations.ts';
import { metadataPath } from './metadata/endpoints.ts';
import { pollPaths } from './operations/poll.ts';
import type { Provider } from './provider-contract.ts';
import { routesOf } from './route/route.ts';

/** One endpoint of the resource manager. */
export interface Endpoint {
  readonly method: string;
  readonly path: string;
}

/** Every endpoint that the resource manager serves, the door's own first and what is kept as documents last, for the documents that list them. */
export function routeTable(providers: readonly Provider[]): readonly Endpoint[] {
  const own = [metadataPath, ...pollPaths].map((path) => ({ method: 'GET', path }));
  const theirs = routesOf(providers).map(({ operation }) => ({ method: operation.method, path: operation.path }));
  return [...own, ...theirs, ...genericEndpoints];
}
