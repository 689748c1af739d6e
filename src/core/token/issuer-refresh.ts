import type { EpochMillis } from '../time.ts';

// When an issuer is asked for its keys again: it may change them at any time, and whoever holds a federated credential could
// otherwise make Postern ask as often as they like.

/** After so long the keys are asked for again. */
export const keysFreshMillis = 3_600_000;

/** So long keys that could not be asked for again stay good. */
export const keysStaleMillis = 86_400_000;

/** The least time between two questions to one issuer, whatever came of the first. */
export const askAgainMillis = 30_000;

/** What is known of an issuer's keys. */
export interface IssuerState {
  /** When they were last read; undefined when they never were. */
  readonly readAt?: EpochMillis;
  /** When they were last asked for. */
  readonly askedAt?: EpochMillis;
  /** Whether the wanted key is among them. */
  readonly hasKey: boolean;
}

/** Whether to answer from what is known, ask first, or refuse because it was asked a moment ago. */
export function decideRefresh({ readAt, askedAt, hasKey }: IssuerState, now: EpochMillis): 'answer' | 'ask' | 'refuse' {
  if (hasKey && readAt !== undefined && now - readAt < keysFreshMillis) return 'answer';
  if (askedAt === undefined || now - askedAt >= askAgainMillis) return 'ask';
  return hasKey && readAt !== undefined && now - readAt < keysStaleMillis ? 'answer' : 'refuse';
}
