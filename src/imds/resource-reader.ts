import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

/** Reads a stored resource: whatever is absent or of another type comes out empty. */
export class ResourceReader {
  readonly #value: Json | undefined;

  constructor(value: Json | undefined) {
    this.#value = value;
  }

  /** The value below these names. */
  at(...names: readonly string[]): ResourceReader {
    let value = this.#value;
    for (const name of names) {
      value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    }
    return new ResourceReader(value);
  }

  /** The value below these names as the metadata service writes it: a number or boolean as text, anything else `""`. */
  text(...names: readonly string[]): string {
    const value = this.at(...names).#value;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  }

  /** The same for a switch that is off unless it is set. */
  flag(...names: readonly string[]): 'true' | 'false' {
    return this.at(...names).#value === true ? 'true' : 'false';
  }

  list(...names: readonly string[]): readonly ResourceReader[] {
    const value = this.at(...names).#value;
    return Array.isArray(value) ? value.map((item: Json) => new ResourceReader(item)) : [];
  }

  /** The entries of an object whose values are strings. */
  entries(...names: readonly string[]): readonly (readonly [string, string])[] {
    const value = this.at(...names).#value;
    if (!isJsonObject(value)) return [];
    return Object.entries(value satisfies JsonObject).map(([name, item]) => [name, String(item)]);
  }
}
