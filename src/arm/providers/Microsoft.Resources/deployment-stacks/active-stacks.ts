import type { JsonObject } from '../../../../core/json.ts';
import type { DocumentKey } from '../../../../core/ports/store.ts';
import type { ActionOnUnmanage } from '../../../../core/stacks/action-on-unmanage.ts';
import type { ExcludedPrincipal } from '../../../../core/stacks/deny-assignment.ts';
import type { Behalf } from '../../../provider-contract.ts';
import type { StackRequest } from './stack-request.ts';

/** A stack that is being deployed. */
export interface DeployingStack {
  readonly runId: string;
  /** On whose behalf, as the stack: with the values of secure parameters. */
  readonly behalf: Behalf;
  readonly request: StackRequest;
  readonly excluded: readonly ExcludedPrincipal[];
  readonly deploymentId: string;
  readonly deployment: JsonObject;
}

/** A stack that is being deleted. */
export interface DeletingStack {
  readonly runId: string;
  readonly behalf: Behalf;
  readonly action: ActionOnUnmanage;
}

/**
 * The stacks with work under way, by key. INVARIANT: what is not here is not worked on, whatever a document says: after a restart
 * there are none, since neither tokens nor secure parameters are stored.
 */
export type ActiveStacks = Map<DocumentKey, DeployingStack | DeletingStack>;
