import type { LocalUser } from '../core/access/caller.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import type { AttachedIdentity, MachineView } from '../core/ports/machines.ts';
import type { IssuedToken } from '../core/ports/token-issuer.ts';
import { type Passage, passageOf } from './passage.ts';
import type { Target } from './target.ts';
import type { PreparedAnswer } from './token-answer.ts';
import type { TokenCache, TokenSlot } from './token-cache.ts';
import type { TokenRequest } from './token-request.ts';

/** What a token request of one user means on one machine, as that machine is now. */
export interface TokenMeaning {
  readonly view: MachineView;
  readonly user: LocalUser | undefined;
  readonly request: TokenRequest;
  readonly identity: AttachedIdentity;
  readonly passage: Passage;
  readonly slot: TokenSlot;
  /** The last answer that was composed: good for the second and the token it was composed for. */
  prepared?: PreparedAnswer & { readonly token: IssuedToken };
}

/** The meaning of a request that selects this identity. */
export function meaningOf(
  view: MachineView,
  user: LocalUser | undefined,
  target: Target,
  request: TokenRequest,
  identity: AttachedIdentity,
  tokens: TokenCache,
): TokenMeaning {
  const slot = tokens.slot(view.vmId, identity.principalId, request.resource, user);
  return { view, user, request, identity, slot, passage: passageOf(view.resourceId, user, target, identity) };
}

type Meanings = BoundedMap<string, TokenMeaning>;

/** Stands for whoever cannot be identified, in a map by users. */
const nobody: LocalUser = { uid: -1, userName: '', groupNames: [] };

/**
 * What each exact URL was found to mean, so that a user's repeated question is not parsed again. Kept by machine view and
 * user: a change of the machine or of its accounts makes a new object, which has no memory.
 * INVARIANT: remembers only what follows from the URL, the view and the user; headers, method and access are checked at each
 * request.
 */
export class MeaningMemo {
  readonly #views = new WeakMap<MachineView, WeakMap<LocalUser, Meanings>>();

  recall(view: MachineView, user: LocalUser | undefined, url: string): TokenMeaning | undefined {
    return this.#views
      .get(view)
      ?.get(user ?? nobody)
      ?.get(url);
  }

  remember(url: string, meaning: TokenMeaning): void {
    const { view, user = nobody } = meaning;
    const users = this.#views.get(view) ?? new WeakMap<LocalUser, Meanings>();
    this.#views.set(view, users);
    const meanings = users.get(user) ?? new BoundedMap<string, TokenMeaning>(64);
    users.set(user, meanings);
    meanings.set(url, meaning);
  }
}
