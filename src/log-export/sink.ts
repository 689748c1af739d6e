/** A record of a log: later ones have greater numbers. */
export interface Numbered {
  readonly number: number;
}

/** Where a log's records are exported to. */
export interface Sink<Entry extends Numbered> {
  /** The number of the last record that it has: the export goes on after that. */
  position(): Promise<number>;
  /** Takes the next records; resolves once it has them all. Throws an `ExportFailure` where they are to be offered again. */
  write(entries: readonly Entry[]): Promise<void>;
}

/** Records were not taken: why, and when to offer them again at the earliest. */
export class ExportFailure extends Error {
  override readonly name = 'ExportFailure';
  readonly retryAfterMillis: number | undefined;

  constructor(message: string, retryAfterMillis?: number) {
    super(message);
    this.retryAfterMillis = retryAfterMillis;
  }
}
