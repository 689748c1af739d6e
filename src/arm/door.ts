import type { Authentication } from './authenticate/authenticate.ts';
import type { UnderWay } from './containers/under-way.ts';
import type { FindGenericRoute } from './generic/generic-routes.ts';
import type { Locks } from './locks/locks.ts';
import type { Operations } from './operations/operations.ts';
import type { Catalog, ProviderContext } from './provider-contract.ts';
import type { Report } from './report.ts';
import type { FindRoute } from './route/find-route.ts';

/** What the stages of the front door share: made once, at start. */
export interface Door {
  readonly context: ProviderContext;
  readonly authentication: Authentication;
  readonly findRoute: FindRoute;
  /** Asked where no provider's own route answers. */
  readonly findGenericRoute: FindGenericRoute;
  readonly catalog: Catalog;
  readonly underWay: UnderWay;
  readonly locks: Locks;
  readonly operations: Operations;
  readonly report: Report;
}
