import { openFileSink, streamSink } from '../../sign-ins/export/json-lines.ts';
import { otlpSink } from '../../sign-ins/export/otlp.ts';
import type { Positions } from '../../sign-ins/export/positions.ts';
import type { Sink } from '../../sign-ins/export/sink.ts';
import { packageVersion } from './package-version.ts';

/** Where sign-ins go: `-` is standard output, an `http:` or `https:` URL a collector of OpenTelemetry's, all else a file. */
export interface SinkTarget {
  readonly to: string;
  readonly tenantId: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How far an export without a file of its own has come. */
  readonly positions: Positions;
  readonly onRejected: (message: string) => void;
}

/** Opens a sink. Throws where the file cannot be written. */
export async function openSink({ to, tenantId, headers = {}, ...rest }: SinkTarget): Promise<Sink> {
  if (to === '-') return streamSink((text) => void process.stdout.write(text), rest.positions);
  if (!isCollector(to)) return openFileSink(to);
  return otlpSink({ endpoint: to, headers, resource: { tenantId, version: packageVersion() }, ...rest });
}

/** Whether a target is a collector's URL. */
export function isCollector(to: string): boolean {
  return /^https?:\/\//i.test(to) && URL.canParse(to);
}
