import type { ExportForm } from '../../core/log-export/export-form.ts';
import { openLinesFile, streamSink } from '../../log-export/json-lines.ts';
import { otlpSink } from '../../log-export/otlp.ts';
import type { Positions } from '../../log-export/positions.ts';
import type { Numbered, Sink } from '../../log-export/sink.ts';
import { packageVersion } from './package-version.ts';

export type { Numbered, Sink } from '../../log-export/sink.ts';

/** Where logs go: `-` is standard output, an `http:` or `https:` URL a collector of OpenTelemetry's, all else a file. */
export interface TargetOptions {
  readonly to: string;
  readonly tenantId: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How far an export without a file of its own has come, by the log's `event`. */
  readonly positions: (event: string) => Positions;
  readonly onRejected: (message: string) => void;
}

/** A target to which several logs may go. */
export interface ExportTarget {
  sink<Entry extends Numbered>(form: ExportForm<Entry>): Sink<Entry>;
  /** After the last write. */
  close(): Promise<void>;
}

/** Opens a target. Throws where the file cannot be written. */
export async function openTarget(options: TargetOptions): Promise<ExportTarget> {
  const { to, tenantId, headers = {}, positions, onRejected } = options;
  if (to !== '-' && !isCollector(to)) return openLinesFile(to);
  const close = async (): Promise<void> => undefined;
  const print = (text: string): void => void process.stdout.write(text);
  if (to === '-') return { sink: (form) => streamSink(print, form, positions(form.event)), close };
  const collector = { endpoint: to, headers, resource: { tenantId, version: packageVersion() }, onRejected };
  return { sink: (form) => otlpSink(collector, form, positions(form.event)), close };
}

/** Whether a target is a collector's URL. */
export function isCollector(to: string): boolean {
  return /^https?:\/\//i.test(to) && URL.canParse(to);
}
