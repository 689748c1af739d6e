import { countedAt } from './scope-path.ts';

/** How many assignments there are of each role, and at each place that has a limit of its own. */
export class AssignmentCounts {
  readonly #ofRole: number[] = [];
  readonly #atPlace = new Map<string, number>();

  /** One assignment more, or one less. */
  add(role: number, scope: string, by: 1 | -1): void {
    this.#ofRole[role] = this.ofRole(role) + by;
    const place = countedAt(scope);
    const count = (this.#atPlace.get(place) ?? 0) + by;
    if (count === 0) this.#atPlace.delete(place);
    else this.#atPlace.set(place, count);
  }

  ofRole(role: number): number {
    return this.#ofRole[role] ?? 0;
  }

  /** Those that count against the limit at the scope. */
  at(scope: string): number {
    return this.#atPlace.get(countedAt(scope)) ?? 0;
  }
}
