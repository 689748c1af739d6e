import type { LogEntry } from './configuration.ts';

interface Step {
  readonly name: string;
  readonly close: () => void | Promise<void>;
}

/**
 * What was opened, to be closed in the opposite order: at a stop, and when a start fails half-way. A step that fails does
 * not keep the others from being closed.
 */
export class Closing {
  readonly #steps: Step[] = [];
  readonly #log: (entry: LogEntry) => void;
  #closed: Promise<void> | undefined;

  constructor(log: (entry: LogEntry) => void) {
    this.#log = log;
  }

  /** Remembers how to close what has just been opened. */
  add(name: string, close: Step['close']): void {
    this.#steps.push({ name, close });
  }

  /** Closes everything; calls after the first wait for it. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.close();
      } catch (error) {
        this.#log({ level: 'error', event: 'stop failed', fields: { step: step.name, cause: String(error) } });
      }
    }
  }
}
