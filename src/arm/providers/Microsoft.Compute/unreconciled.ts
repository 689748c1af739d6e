import type { Refusal } from '../../../core/refusal.ts';

/** A machine or scale set that could not be brought back at the host's start. */
export interface Unreconciled {
  readonly resourceId: string;
  readonly refusal: Refusal;
}
