import type { Realism } from '../realism/realism.ts';

/** The settings that are in force now. */
export interface CurrentRealism {
  current(): Realism;
}
