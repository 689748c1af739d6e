import type { LocalUser } from '../core/access/caller.ts';
import type { CanonicalRequest } from '../core/access/canonical-request.ts';
import type { AccessSettings } from '../core/access/proxy-agent-settings.ts';
import type { AccessVerdict } from '../core/ports/access-guard.ts';
import type { ServicePrincipal } from '../core/ports/directory.ts';
import type { LoadedProfile } from './loaded-profiles.ts';

/** All that a verdict follows from beside the request, where neither the time nor the caller's program counts. */
export interface Grounds {
  readonly settings: AccessSettings;
  readonly profile: LoadedProfile;
  readonly user: LocalUser;
  /** The application that is asked for, where the directory has one. */
  readonly application: ServicePrincipal | undefined;
  readonly origin: string;
}

/**
 * The last verdict on each request, for as long as its grounds are the very same objects: whatever changes is made anew, so that a
 * change of machine, profile, accounts or directory counts at once.
 */
export class RememberedVerdicts {
  readonly #verdicts = new WeakMap<CanonicalRequest, { readonly grounds: Grounds; readonly verdict: AccessVerdict }>();

  recall(request: CanonicalRequest, grounds: Grounds): AccessVerdict | undefined {
    const last = this.#verdicts.get(request);
    return last !== undefined && isSame(last.grounds, grounds) ? last.verdict : undefined;
  }

  remember(request: CanonicalRequest, grounds: Grounds, verdict: AccessVerdict): void {
    this.#verdicts.set(request, { grounds, verdict });
  }
}

function isSame(a: Grounds, b: Grounds): boolean {
  return (
    a.user === b.user &&
    a.profile === b.profile &&
    a.settings === b.settings &&
    a.application === b.application &&
    a.origin === b.origin
  );
}
