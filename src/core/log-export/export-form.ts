import type { JsonObject } from '../json.ts';

/** How the records of one log are told to others. */
export interface ExportForm<Entry> {
  /** What the log records, as lines are told apart by it: `sign-in`, `activity`. */
  readonly event: string;
  /** The instrumentation scope of its OpenTelemetry records: `postern.sign-ins`. */
  readonly scope: string;
  /** One line of JSON, without its end: the time in ISO 8601, then `event` and `number`. */
  formatLine(entry: Entry): string;
  /** One `LogRecord` in Protobuf's JSON. */
  formatLogRecord(entry: Entry): JsonObject;
}
