import { activityRetentionMillis } from '../../core/activity/retention.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { SignIn } from '../../core/sign-ins/sign-in.ts';
import type { EpochMillis } from '../../core/time.ts';

/** What is asked of a log. */
export interface LogQuery {
  readonly from: EpochMillis;
  readonly to: EpochMillis;
  readonly limit: number;
  readonly machine?: string;
  readonly user?: string;
  readonly caller?: string;
  readonly uti?: string;
  readonly outcome?: SignIn['outcome'];
}

const outcomes = ['issued', 'handedOver', 'denied', 'failed'] as const satisfies readonly SignIn['outcome'][];
const greatestLimit = 100_000;

/**
 * Reads a query: `since` and `until` in milliseconds (default all that is kept), `limit` (default 100), `machine`, `user`,
 * `caller`, `uti`, `outcome`. Refuses `InvalidParameter`.
 */
export function parseLogQuery(query: URLSearchParams, now: EpochMillis): LogQuery | Refusal {
  const from = Number(query.get('since') ?? now - activityRetentionMillis);
  const to = Number(query.get('until') ?? now);
  const limit = Number(query.get('limit') ?? 100);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
    return refuse('InvalidParameter', "'since' and 'until' are milliseconds since 1970.");
  }
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > greatestLimit) {
    return refuse('InvalidParameter', `'limit' is a whole number from 1 to ${greatestLimit}.`);
  }
  const outcome = query.get('outcome') ?? undefined;
  if (outcome !== undefined && !isOutcome(outcome)) {
    return refuse('InvalidParameter', `There is no outcome '${outcome}'; there are ${outcomes.join(', ')}.`);
  }
  const words = ['machine', 'user', 'caller', 'uti'].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const range = { from: from as EpochMillis, to: to as EpochMillis, limit };
  return { ...range, ...(outcome === undefined ? {} : { outcome }), ...Object.fromEntries(words) };
}

function isOutcome(outcome: string): outcome is SignIn['outcome'] {
  return outcomes.some((one) => one === outcome);
}
