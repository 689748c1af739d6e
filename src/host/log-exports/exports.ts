import type { RetainingActivityLog } from '../../activity-log/activity-log.ts';
import { activityForm } from '../../core/activity/export-form.ts';
import type { ExportForm } from '../../core/log-export/export-form.ts';
import type { Store } from '../../core/ports/store.ts';
import { signInForm } from '../../core/sign-ins/export-form.ts';
import { type FollowedLog, follow } from '../../log-export/follow.ts';
import { positionsIn } from '../../log-export/positions.ts';
import type { Numbered } from '../../log-export/sink.ts';
import type { SignInLog } from '../../sign-ins/sign-in-log.ts';
import type { LogEntry } from '../configuration.ts';
import { isCollector, openTarget } from './open-target.ts';

/** What exporting the logs as they grow needs. */
export interface ExportHost {
  readonly store: Store;
  readonly signIns: SignInLog;
  readonly activityLog: RetainingActivityLog;
  readonly tenantId: string;
  readonly log: (entry: LogEntry) => void;
  readonly headers: Readonly<Record<string, string>>;
}

/** Neither a disk nor a collector is troubled for each record. */
const gatherMillis = { file: 100, collector: 500 } as const;

/** Exports both logs to a target as they grow; answers how to stop. */
export async function exportTo(
  to: string,
  { store, signIns, activityLog, log, ...rest }: ExportHost,
): Promise<() => Promise<void>> {
  const name = isCollector(to) ? new URL(to).host : to;
  const warn = (cause: string): void => log({ level: 'warn', event: 'logs not exported', fields: { to: name, cause } });
  const positions = (event: string) => positionsIn(store, event, to);
  const target = await openTarget({ to, positions, onRejected: warn, ...rest });
  const begin = <Entry extends Numbered>(followed: FollowedLog<Entry>, form: ExportForm<Entry>) =>
    follow({
      log: followed,
      sink: target.sink(form),
      gatherMillis: isCollector(to) ? gatherMillis.collector : gatherMillis.file,
      onFailure: (error) => warn(error.message),
    });
  const stops = [begin(signIns, signInForm), begin(activityLog, activityForm)];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    await target.close();
  };
}
