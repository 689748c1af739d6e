import type { LocalUser } from '../core/access/caller.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import type { IssuedToken } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import type { EpochSeconds } from '../core/time.ts';

/**
 * A token with less left than this is not handed out again, in seconds: twice the five minutes before its end from which
 * MSAL treats a token as expired and asks once more (AccessTokenExpirationBuffer). Our own choice; Azure says only that it
 * keeps tokens for about their lifetime of 24 hours.
 */
export const renewalMarginSeconds = 600;

/** One machine's token for one identity, one resource and one user: there or not, and on its way at most once. */
export class TokenSlot {
  #token: IssuedToken | undefined;
  #pending: Promise<IssuedToken | Refusal> | undefined;

  /** The token that is held, if it is good for long enough. */
  fresh(now: EpochSeconds): IssuedToken | undefined {
    const token = this.#token;
    return token !== undefined && token.expiresOn - now > renewalMarginSeconds ? token : undefined;
  }

  /** Whether one is on its way. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /** Fills the slot. Whoever asks while a token is on its way gets that one. A refusal is not kept. */
  renew(issue: () => Promise<IssuedToken | Refusal>): Promise<IssuedToken | Refusal> {
    this.#pending ??= this.#fill(issue).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #fill(issue: () => Promise<IssuedToken | Refusal>): Promise<IssuedToken | Refusal> {
    const issued = await issue();
    if (!isRefusal(issued)) this.#token = issued;
    return issued;
  }
}

/**
 * The slots of every machine. A machine that is deleted and made again has another `vmId`, and an identity that is switched
 * off and on another `principalId`: neither finds the slots of before.
 * INVARIANT: asked only after the machine's present identities were found to include the principal.
 */
export class TokenCache {
  readonly #machines = new BoundedMap<string, BoundedMap<string, TokenSlot>>(4096);

  /**
   * `resource` as it was asked for: each spelling is an audience of its own. INVARIANT: what differs in `user` shares no slot, so
   * that no user gets a token that names another, and nobody unidentified gets one that names a user.
   */
  slot(vmId: string, principalId: string, resource: string, user?: LocalUser): TokenSlot {
    const slots = this.#machines.get(vmId) ?? new BoundedMap<string, TokenSlot>(256);
    this.#machines.set(vmId, slots);
    const key = JSON.stringify([principalId, resource, user?.uid, user?.userName]);
    const slot = slots.get(key) ?? new TokenSlot();
    slots.set(key, slot);
    return slot;
  }
}
