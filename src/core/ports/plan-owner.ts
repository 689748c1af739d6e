import type { EpochMillis } from '../time.ts';
import type { Write } from './store.ts';

/** Plans the assignment that makes a principal Owner of what it has just made. */
export type PlanOwner = (owner: {
  readonly scope: string;
  readonly principalId: string;
  readonly now: EpochMillis;
}) => readonly Write[];
