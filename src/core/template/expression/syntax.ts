/** The syntax tree of an expression. `at` is where a part begins, counted from the first character of the text, the opening bracket included. */
export type Syntax = Literal | Call | Access;

/** A quoted text (its doubled quotes undone) or a whole number. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: string | number;
  readonly at: number;
}

/** A function with its arguments; `namespace` before a user's function, as in `contoso.uniqueName('x')`. */
export interface Call {
  readonly kind: 'call';
  readonly namespace?: string;
  readonly name: string;
  readonly args: readonly Syntax[];
  readonly at: number;
}

/** `of.name` or `of[index]`; with a question mark (`.?name`, `[?index]`) what is not there is null. */
export interface Access {
  readonly kind: 'access';
  readonly of: Syntax;
  readonly key: Syntax;
  readonly safe: boolean;
  readonly at: number;
}
