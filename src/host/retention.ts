import type { RetainingActivityLog } from '../activity-log/activity-log.ts';
import type { LogEntry } from './configuration.ts';

const dayMillis = 86_400_000;
/** After a start the forgetting waits, so that it delays nobody's first request. */
const firstMillis = 60_000;

/** Forgets old activity-log events once a day; answers how to stop that. */
export function retainActivityLog(activityLog: RetainingActivityLog, log: (entry: LogEntry) => void): () => void {
  const forget = () => {
    activityLog.retain().then(
      (count) => count > 0 && log({ level: 'info', event: 'activity log retained', fields: { forgotten: count } }),
      (error) => log({ level: 'error', event: 'activity log not retained', fields: { cause: String(error) } }),
    );
  };
  const first = setTimeout(forget, firstMillis).unref();
  const daily = setInterval(forget, dayMillis).unref();
  return () => {
    clearTimeout(first);
    clearInterval(daily);
  };
}
