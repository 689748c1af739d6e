import type { AssignmentTable, Holder } from './assignment-table.ts';

/** Fewer are asked one after another as fast as they are looked up. */
const few = 8;

/** Questions without a new assignment in between, after which the index is worth its making. */
const worthwhile = 32;

/** More assignments than this are not indexed anew for one caller each time that one is added. */
const maxIndexed = 50_000;

const nobody: readonly Holder[] = [];

/**
 * A caller's holders of assignments by the scopes at which they hold them: of a caller in hundreds of groups, only those are asked
 * that may have something to say there. Answers more than those at times, never fewer.
 */
export class HoldersByScope {
  readonly #assignments: AssignmentTable;
  readonly #holders: readonly Holder[];
  #byHash: ReadonlyMap<number, readonly Holder[]> | undefined;
  #added = -1;
  #asked = 0;

  constructor(assignments: AssignmentTable, holders: readonly Holder[]) {
    this.#assignments = assignments;
    this.#holders = holders;
  }

  /** Those who may hold an assignment at a scope of this hash. */
  at(hash: number): readonly Holder[] {
    if (this.#holders.length <= few) return this.#holders;
    if (this.#added !== this.#assignments.added) this.#begin();
    if (this.#byHash !== undefined) return this.#byHash.get(hash) ?? nobody;
    this.#asked += 1;
    if (this.#asked === worthwhile) this.#byHash = this.#index();
    return this.#holders;
  }

  #begin(): void {
    this.#added = this.#assignments.added;
    this.#asked = 0;
    this.#byHash = undefined;
  }

  /** Undefined when there are too many. */
  #index(): ReadonlyMap<number, readonly Holder[]> | undefined {
    const index = new Map<number, Holder[]>();
    let indexed = 0;
    for (const holder of this.#holders) {
      for (const hash of this.#assignments.scopeHashesOf(holder)) {
        indexed += 1;
        if (indexed > maxIndexed) return undefined;
        const there = index.get(hash);
        if (there === undefined) index.set(hash, [holder]);
        else if (there.at(-1) !== holder) there.push(holder);
      }
    }
    return index;
  }
}
