import type { SignIn } from '../sign-ins/sign-in.ts';
import type { CanonicalRequest } from './canonical-request.ts';
import { resourceParameter } from './canonical-request.ts';
import type { AccessDecider, AccessDecision, AccessQuestion } from './decide-access.ts';
import type { ResourceReadings } from './resource-names.ts';

/** A request that was recorded, asked again of another profile at the time when it was made. */
export function replay(
  decider: AccessDecider,
  signIn: SignIn,
  readResource: (resource: string) => ResourceReadings,
): AccessDecision | 'process' {
  const { user } = signIn;
  if (user === undefined) return { decision: 'Deny', rule: 'the caller could not be identified' };
  const { process } = signIn;
  const request = requestOf(signIn);
  const resource = request.query.get(resourceParameter);
  const question: AccessQuestion = {
    request,
    user,
    ...(resource === undefined ? {} : { resource: readResource(resource) }),
    ...(process === undefined ? {} : { process: { ...process, commandLine: [] } }),
  };
  return decider.decide(question, signIn.time);
}

/** Whether what was asked for was given, as far as access control goes: what fails for another reason was. */
export function wasLetThrough({ outcome }: SignIn): boolean {
  return outcome !== 'denied';
}

function requestOf({ request, identity }: SignIn): CanonicalRequest {
  const canonical = { path: request.path, query: new Map(Object.entries(request.query)) };
  return identity === undefined ? canonical : { ...canonical, identity };
}
