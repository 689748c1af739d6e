import type { LocalUser } from '../core/access/caller.ts';
import { type CanonicalRequest, canonicalRequest } from '../core/access/canonical-request.ts';
import type { AccessVerdict } from '../core/ports/access-guard.ts';
import type { AttachedIdentity } from '../core/ports/machines.ts';
import type { SignIn } from '../core/sign-ins/sign-in.ts';
import type { Target } from './target.ts';

/** A request as access is decided on it and as it is recorded. */
export interface Passage {
  readonly canonical: CanonicalRequest;
  /** Who asks what, made once for all requests that mean the same: the sign-in log writes such parts once. */
  readonly record: Pick<SignIn, 'machineResourceId' | 'user' | 'identity' | 'request'>;
  /** What access control said last: the same again is recorded as the same object. */
  access?: AccessVerdict;
}

/** The passage of a request that this user makes; `identity` where it means one. */
export function passageOf(
  machineResourceId: string,
  user: LocalUser | undefined,
  { segments, query }: Target,
  identity: AttachedIdentity | undefined,
): Passage {
  const selected = identity === undefined ? undefined : namesOf(identity);
  const canonical = canonicalRequest(segments, query, selected);
  const request = { path: canonical.path, query: Object.fromEntries(canonical.query) };
  return {
    canonical,
    record: {
      machineResourceId,
      request,
      ...(user === undefined ? {} : { user }),
      ...(selected === undefined ? {} : { identity: selected }),
    },
  };
}

function namesOf({ principalId, clientId, resourceId }: AttachedIdentity) {
  return { principalId, clientId, resourceId };
}
