import type { Flaw } from './syntax.ts';
import type { Token } from './tokens.ts';

/** Walks through a condition's tokens, one after another. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;

  /** `end` is the position after the last character. */
  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  /** The token that is looked at; undefined at the end. */
  get token(): Token | undefined {
    return this.#tokens[this.#next];
  }

  /** The token after it. */
  get following(): Token | undefined {
    return this.#tokens[this.#next + 1];
  }

  advance(): void {
    this.#next += 1;
  }

  /** Whether it is the word, in any letter case. */
  isWord(word: string): boolean {
    const { token } = this;
    return token?.kind === 'word' && token.word.toLowerCase() === word.toLowerCase();
  }

  isMark(mark: '(' | ')' | '{' | '}' | ','): boolean {
    const { token } = this;
    return token?.kind === 'mark' && token.mark === mark;
  }

  /** What is wrong with the token. */
  flaw(flaw: string): Flaw {
    return { position: this.token?.at ?? this.#end, flaw };
  }

  /** That something else must stand here. */
  expected(what: string): Flaw {
    return this.flaw(`${what} is expected, not ${shown(this.token)}.`);
  }
}

function shown(token: Token | undefined): string {
  switch (token?.kind) {
    case undefined:
      return 'the end';
    case 'mark':
      return `'${token.mark}'`;
    case 'word':
      return `'${token.word.slice(0, 80)}'`;
    case 'text':
      return 'a text in quotes';
    case 'attribute':
      return `@${token.source}[${token.name.slice(0, 200)}]`;
  }
}
