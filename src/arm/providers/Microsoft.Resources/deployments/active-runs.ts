import type { DocumentKey } from '../../../../core/ports/store.ts';
import type { PreparedDeployment } from './prepare.ts';

/** A deployment that goes on in this process. */
export interface ActiveRun {
  readonly runId: string;
  readonly prepared: PreparedDeployment;
  /** Set when it is to end: nothing further is begun. */
  canceled: boolean;
}

/**
 * The deployments under way, by key. INVARIANT: what is not here does not run, whatever a document says: after a restart there
 * are none, since neither tokens nor secure parameters are stored.
 */
export type ActiveRuns = Map<DocumentKey, ActiveRun>;
