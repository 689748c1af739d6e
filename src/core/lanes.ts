/** Runs work for one key after another, and work for different keys side by side. */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Starts `work` when all earlier work of the key has ended, however it ended. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(key) ?? Promise.resolve()).then(work, work);
    const forget = () => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    };
    this.#last.set(key, mine);
    mine.then(forget, forget);
    return mine;
  }
}
