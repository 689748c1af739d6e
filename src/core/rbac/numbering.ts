/** Numbers for texts, counted from 0 in the order in which they first came; none is ever given up. */
export class Numbering {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  /** How many texts have a number. */
  get size(): number {
    return this.#texts.length;
  }

  /** The text's number, given now if it has none. */
  give(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#texts.length);
    this.#texts.push(text);
    return this.#texts.length - 1;
  }

  /** The text's number, if it has one. */
  find(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  /** The text of a number. */
  text(number: number): string {
    return this.#texts[number] ?? '';
  }
}
