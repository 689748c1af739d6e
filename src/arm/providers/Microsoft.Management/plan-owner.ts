import type { Write } from '../../../core/ports/store.ts';
import type { EpochMillis } from '../../../core/time.ts';

/** Plans the assignment that makes a principal Owner of what it has just made. */
export type PlanOwner = (owner: {
  readonly scope: string;
  readonly principalId: string;
  readonly now: EpochMillis;
}) => readonly Write[];
