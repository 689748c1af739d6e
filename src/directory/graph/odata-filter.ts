import { parseTime } from './format-time.ts';
import { type Token, tokenize } from './odata-tokens.ts';

/** What a `$filter` may ask of one object: its properties as Graph names them. */
export type Filterable = Readonly<Record<string, unknown>>;

/** A parsed `$filter`. */
export interface Filter {
  matches(object: Filterable): boolean;
  /** Whether it needs Graph's advanced queries (`ConsistencyLevel: eventual` and `$count=true`). */
  readonly advanced: boolean;
}

/**
 * Parses a `$filter`: `eq`, `ne`, of times also `ge`, `gt`, `le`, `lt`, `in`, `startsWith`, `endsWith`, `any`, `and`, `or`, `not`, parentheses. Undefined when it
 * asks for more, for a property that is not among `properties`, or nests deeper than 20. Texts compare without regard to case, as Entra does.
 * @see https://learn.microsoft.com/graph/filter-query-parameter
 */
export function parseFilter(filter: string, properties: readonly string[]): Filter | undefined {
  const tokens = tokenize(filter);
  if (tokens === undefined) return undefined;
  const reader = new Reader(tokens, properties);
  const parsed = reader.or(0);
  return parsed !== undefined && reader.atEnd ? parsed : undefined;
}

const deepest = 20;

/** Reads tokens from left to right; each method answers undefined where what it reads is not there. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #properties: readonly string[];
  #at = 0;

  constructor(tokens: readonly Token[], properties: readonly string[]) {
    this.#tokens = tokens;
    this.#properties = properties;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  or(depth: number): Filter | undefined {
    const parts = this.#list('or', () => this.#and(depth));
    return parts && { matches: (object) => parts.some((part) => part.matches(object)), advanced: isAdvanced(parts) };
  }

  #and(depth: number): Filter | undefined {
    const parts = this.#list('and', () => this.#unary(depth));
    return parts && { matches: (object) => parts.every((part) => part.matches(object)), advanced: isAdvanced(parts) };
  }

  #list(joint: string, read: () => Filter | undefined): readonly Filter[] | undefined {
    const parts: Filter[] = [];
    do {
      const part = read();
      if (part === undefined) return undefined;
      parts.push(part);
    } while (this.#takesWord(joint));
    return parts;
  }

  #unary(depth: number): Filter | undefined {
    if (depth > deepest) return undefined;
    if (this.#takesWord('not')) {
      const inner = this.#unary(depth + 1);
      return inner && { matches: (object) => !inner.matches(object), advanced: true };
    }
    if (!this.#takesSign('(')) return this.#clause();
    const inner = this.or(depth + 1);
    return inner !== undefined && this.#takesSign(')') ? inner : undefined;
  }

  #clause(): Filter | undefined {
    for (const [name, advanced, test] of functions) {
      if (!this.#takesWord(name)) continue;
      const read = this.#arguments();
      return read && { matches: (object) => test(textOf(object[read.property]), read.value), advanced };
    }
    const property = this.#word();
    return property?.toLowerCase().endsWith('/any') ? this.#any(property.slice(0, -4)) : this.#comparison(property);
  }

  #comparison(name: string | undefined): Filter | undefined {
    const property = this.#known(name);
    if (property === undefined) return undefined;
    if (this.#takesWord('in')) {
      const values = this.#values();
      return values && { matches: (object) => values.includes(textOf(object[property])), advanced: false };
    }
    for (const [word, holds] of orders) {
      if (property.endsWith('DateTime') && this.#takesWord(word)) return this.#order(property, holds);
    }
    const isNot = this.#takesWord('ne');
    if (!isNot && !this.#takesWord('eq')) return undefined;
    const value = this.#value();
    if (value === undefined) return undefined;
    return { matches: (object) => (textOf(object[property]) === value) !== isNot, advanced: isNot };
  }

  /** A time, of which neither letter case nor the way of writing it matters. */
  #order(property: string, holds: (held: number, asked: number) => boolean): Filter | undefined {
    const asked = parseTime((this.#value() ?? '').toUpperCase());
    if (asked === undefined) return undefined;
    const matches: Filter['matches'] = (object) => {
      const held = parseTime(String(object[property]));
      return held !== undefined && holds(held, asked);
    };
    return { matches, advanced: false };
  }

  /** `(x:x eq 'value')` or `(x:startsWith(x,'value'))`, of a list. */
  #any(name: string): Filter | undefined {
    const property = this.#known(name);
    const variable = this.#takesSign('(') ? this.#word() : undefined;
    if (property === undefined || variable === undefined || !this.#takesSign(':')) return undefined;
    const advanced = this.#takesWord('startswith');
    if (advanced && !this.#takesSign('(')) return undefined;
    if (!this.#takesWord(variable) || !(advanced ? this.#takesSign(',') : this.#takesWord('eq'))) return undefined;
    const value = this.#value();
    if (value === undefined || (advanced && !this.#takesSign(')')) || !this.#takesSign(')')) return undefined;
    const holds = advanced ? (one: unknown) => textOf(one).startsWith(value) : (one: unknown) => textOf(one) === value;
    return { matches: (object) => listOf(object[property]).some(holds), advanced };
  }

  /** `(property, 'value')`. */
  #arguments(): { readonly property: string; readonly value: string } | undefined {
    const property = this.#takesSign('(') ? this.#known(this.#word()) : undefined;
    const value = this.#takesSign(',') ? this.#value() : undefined;
    return property !== undefined && value !== undefined && this.#takesSign(')') ? { property, value } : undefined;
  }

  /** `('a', 'b')`. */
  #values(): readonly string[] | undefined {
    const values: string[] = [];
    if (!this.#takesSign('(')) return undefined;
    do {
      const value = this.#value();
      if (value === undefined) return undefined;
      values.push(value);
    } while (this.#takesSign(','));
    return this.#takesSign(')') ? values : undefined;
  }

  #known(name: string | undefined): string | undefined {
    return this.#properties.find((one) => one.toLowerCase() === name?.toLowerCase());
  }

  /** A value, folded; `true`, `false` and `null` are words. */
  #value(): string | undefined {
    const token = this.#tokens[this.#at];
    const isWord = token !== undefined && 'word' in token && /^(true|false|null)$/i.test(token.word);
    if (token === undefined || !('value' in token || isWord)) return undefined;
    this.#at += 1;
    if ('value' in token) return token.value.toLowerCase();
    const word = 'word' in token ? token.word.toLowerCase() : '';
    return word === 'null' ? nothing : word;
  }

  #word(): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !('word' in token)) return undefined;
    this.#at += 1;
    return token.word;
  }

  #takesWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    const is = token !== undefined && 'word' in token && token.word.toLowerCase() === word.toLowerCase();
    if (is) this.#at += 1;
    return is;
  }

  #takesSign(sign: string): boolean {
    const token = this.#tokens[this.#at];
    const is = token !== undefined && 'sign' in token && token.sign === sign;
    if (is) this.#at += 1;
    return is;
  }
}

const orders: readonly (readonly [string, (held: number, asked: number) => boolean])[] = [
  ['ge', (held, asked) => held >= asked],
  ['gt', (held, asked) => held > asked],
  ['le', (held, asked) => held <= asked],
  ['lt', (held, asked) => held < asked],
];

const functions: readonly (readonly [string, boolean, (held: string, value: string) => boolean])[] = [
  ['startswith', false, (held, value) => held.startsWith(value)],
  ['endswith', true, (held, value) => held.endsWith(value)],
  ['contains', true, (held, value) => held.includes(value)],
];

function isAdvanced(parts: readonly Filter[]): boolean {
  return parts.some(({ advanced }) => advanced);
}

/** What `null` is compared as: no text is it. */
const nothing = '\0';

function textOf(value: unknown): string {
  return value === null || value === undefined ? nothing : String(value).toLowerCase();
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
