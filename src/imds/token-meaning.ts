import { BoundedMap } from '../core/bounded-map.ts';
import { selectIdentity } from '../core/identity/select-identity.ts';
import type { AttachedIdentity, MachineView } from '../core/ports/machines.ts';
import type { IssuedToken } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import type { PreparedAnswer } from './token-answer.ts';
import type { TokenCache, TokenSlot } from './token-cache.ts';
import type { TokenRequest } from './token-request.ts';

/** What a token request means on one machine, as that machine is now. */
export interface TokenMeaning {
  readonly view: MachineView;
  readonly request: TokenRequest;
  readonly identity: AttachedIdentity;
  readonly slot: TokenSlot;
  /** The last answer that was composed: good for the second and the token it was composed for. */
  prepared?: PreparedAnswer & { readonly token: IssuedToken };
}

/** Finds the identity that a request means, and its token's slot. Refuses what `selectIdentity` refuses. */
export function findMeaning(view: MachineView, request: TokenRequest, tokens: TokenCache): TokenMeaning | Refusal {
  const identity = selectIdentity(view.identities, request.selectors);
  if (isRefusal(identity)) return identity;
  return { view, request, identity, slot: tokens.slot(view.vmId, identity.principalId, request.resource) };
}

/**
 * What each exact URL was found to mean, so that a machine's repeated question is not parsed again. Kept by machine view: a
 * change of the machine makes a new view, which has no memory.
 * INVARIANT: remembers only what follows from the URL and the view; headers and method are checked at each request.
 */
export class MeaningMemo {
  readonly #views = new WeakMap<MachineView, BoundedMap<string, TokenMeaning>>();

  recall(view: MachineView, url: string): TokenMeaning | undefined {
    return this.#views.get(view)?.get(url);
  }

  remember(url: string, meaning: TokenMeaning): void {
    const meanings = this.#views.get(meaning.view) ?? new BoundedMap<string, TokenMeaning>(64);
    this.#views.set(meaning.view, meanings);
    meanings.set(url, meaning);
  }
}
