import type { AssignmentTerms } from './role-assignment.ts';

/** The terms of the few assignments that have any, by row: the others cost nothing. */
export class TermsByRow {
  readonly #rows = new Map<number, AssignmentTerms>();

  at(row: number): AssignmentTerms | undefined {
    return this.#rows.size === 0 ? undefined : this.#rows.get(row);
  }

  /** Keeps what an assignment has of them, in place of what the row had. */
  set(row: number, { condition, startsAt, endsAt }: AssignmentTerms): void {
    const terms = {
      ...(condition === undefined ? {} : { condition }),
      ...(startsAt === undefined ? {} : { startsAt }),
      ...(endsAt === undefined ? {} : { endsAt }),
    };
    if (Object.keys(terms).length === 0) this.#rows.delete(row);
    else this.#rows.set(row, terms);
  }

  /** Whether any has a condition. */
  get hasConditions(): boolean {
    return [...this.#rows.values()].some(({ condition }) => condition !== undefined);
  }

  delete(row: number): void {
    this.#rows.delete(row);
  }
}
