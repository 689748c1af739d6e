import { BoundedMap } from '../core/bounded-map.ts';
import type { VerifiedToken } from '../core/ports/token-verifier.ts';
import type { SigningKey } from './keys/signing-key.ts';

/** Tokens whose signature has been seen to hold; a client sends the same one with each request of an hour or a day. */
const maxTokens = 2048;

/** A token that was well-formed and well-signed: by which key, and what it says. */
export interface SignedToken {
  readonly key: SigningKey;
  readonly token: VerifiedToken;
}

/**
 * Remembers tokens, so that the same one costs one verification. INVARIANT: only what never changes is remembered, the
 * signature and what was signed. Key, issuer, times and audience are judged again at each use.
 */
export class VerifiedTokens {
  readonly #tokens = new BoundedMap<string, SignedToken>(maxTokens);

  /** The remembered token, unless it was signed by a key that `find` no longer has. */
  get(text: string, find: (kid: string) => SigningKey | undefined): VerifiedToken | undefined {
    const known = this.#tokens.get(text);
    return known !== undefined && find(known.key.kid) === known.key ? known.token : undefined;
  }

  set(text: string, signed: SignedToken): void {
    this.#tokens.set(text, signed);
  }
}
