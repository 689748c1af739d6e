import type { RetainingActivityLog } from '../activity-log/activity-log.ts';
import type { SignInLog } from '../sign-ins/sign-in-log.ts';
import type { LogEntry } from './configuration.ts';

const dayMillis = 86_400_000;
/** After a start the forgetting waits, so that it delays nobody's first request. */
const firstMillis = 60_000;

/** The logs that forget. */
export interface RetainedLogs {
  readonly activityLog: Pick<RetainingActivityLog, 'retain'>;
  readonly signIns: Pick<SignInLog, 'retain'>;
  readonly log: (entry: LogEntry) => void;
}

/** Forgets old activity-log events and sign-ins once a day; answers how to stop that. */
export function retainLogs({ activityLog, signIns, log }: RetainedLogs): () => void {
  const forget = async (name: string, retain: () => Promise<number>): Promise<void> => {
    try {
      const forgotten = await retain();
      if (forgotten > 0) log({ level: 'info', event: `${name} retained`, fields: { forgotten } });
    } catch (error) {
      log({ level: 'error', event: `${name} not retained`, fields: { cause: String(error) } });
    }
  };
  const forgetAll = async (): Promise<void> => {
    await forget('activity log', () => activityLog.retain());
    await forget('sign-in log', () => signIns.retain());
  };
  const first = setTimeout(forgetAll, firstMillis).unref();
  const daily = setInterval(forgetAll, dayMillis).unref();
  return () => {
    clearTimeout(first);
    clearInterval(daily);
  };
}
