import type { Store } from '../../core/ports/store.ts';
import { follow } from '../../sign-ins/export/follow.ts';
import { positionsIn } from '../../sign-ins/export/positions.ts';
import type { SignInLog } from '../../sign-ins/sign-in-log.ts';
import type { LogEntry } from '../configuration.ts';
import { isCollector, openSink } from './open-sink.ts';

/** What exporting the log as it grows needs. */
export interface ExportHost {
  readonly store: Store;
  readonly signIns: SignInLog;
  readonly tenantId: string;
  readonly log: (entry: LogEntry) => void;
  readonly headers: Readonly<Record<string, string>>;
}

/** Neither a disk nor a collector is troubled for each record. */
const gatherMillis = { file: 100, collector: 500 } as const;

/** Exports the sign-in log to a target as it grows; answers how to stop. */
export async function exportTo(to: string, { store, signIns, log, ...rest }: ExportHost): Promise<() => Promise<void>> {
  const name = isCollector(to) ? new URL(to).host : to;
  const warn = (cause: string): void =>
    log({ level: 'warn', event: 'sign-ins not exported', fields: { to: name, cause } });
  const sink = await openSink({ to, positions: positionsIn(store, to), onRejected: warn, ...rest });
  return follow({
    log: signIns,
    sink,
    gatherMillis: isCollector(to) ? gatherMillis.collector : gatherMillis.file,
    onFailure: (error) => warn(error.message),
  });
}
