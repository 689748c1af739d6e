import type { Authentication } from './authenticate/authenticate.ts';
import type { UnderWay } from './containers/under-way.ts';
import type { Operations } from './operations/operations.ts';
import type { Provider, ProviderContext } from './provider-contract.ts';
import type { Report } from './report.ts';
import type { FindRoute } from './route/find-route.ts';

/** What the stages of the front door share: made once, at start. */
export interface Door {
  readonly context: ProviderContext;
  readonly authentication: Authentication;
  readonly providers: readonly Provider[];
  readonly findRoute: FindRoute;
  readonly underWay: UnderWay;
  readonly operations: Operations;
  readonly report: Report;
}
