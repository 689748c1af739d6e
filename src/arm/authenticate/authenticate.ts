// Who is asking, and whether the token still stands for someone. Everything that is answered 401 is worded here.

import type { Directory } from '../../core/ports/directory.ts';
import type { Machines } from '../../core/ports/machines.ts';
import type { CurrentRealism } from '../../core/ports/realism.ts';
import type { ShownCertificate, TokenVerifier, VerifiedToken } from '../../core/ports/token-verifier.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';
import { parseBearer } from './bearer.ts';
import { decideBinding, machineOf } from './binding.ts';
import { refuseToken } from './rejection.ts';

/** What the stage needs: who issued tokens to whom, and what machines there are. */
export interface Authentication {
  readonly verifier: TokenVerifier;
  readonly directory: Directory;
  readonly machines: Machines;
  readonly tenantId: string;
  /** Whether tokens open until they expire, as in Azure; by default they end with the access that they stand for. */
  readonly realism?: CurrentRealism;
  /** Our own origin: with and without a trailing slash an audience beside the public ones. */
  origin(): string;
}

/** Resource Manager's audiences in the order in which ARM's own message lists them. */
const publicAudiences: readonly string[] = [
  'https://management.core.windows.net/',
  'https://management.core.windows.net',
  'https://management.azure.com/',
  'https://management.azure.com',
];

/** Says who is asking. Refuses with the 401 family; a token must be good and still stand for someone. */
export async function authenticate(
  stage: Authentication,
  authorization: string | null,
  now: EpochMillis,
  shown?: ShownCertificate,
): Promise<VerifiedToken | Refusal> {
  const bearer = parseBearer(authorization);
  if (isRefusal(bearer)) return bearer;
  const audiences = [...publicAudiences, `${stage.origin()}/`, stage.origin()];
  const token = await stage.verifier.verify(bearer.token, audiences, shown);
  if ('rejected' in token) return refuseToken(token, { tenantId: stage.tenantId, audiences, now });
  return decideStanding(stage, token);
}

/** Whether who a token stands for is still there; asked of each request, and again of each that it leads to. */
export function decideStanding(stage: Authentication, token: VerifiedToken): VerifiedToken | Refusal {
  const { directory, machines, realism } = stage;
  if (realism?.current().tokensOutliveAccess === true) return token;
  const machineId = machineOf(token);
  const reason = decideBinding({
    token,
    principal: directory.servicePrincipal(token.objectId),
    machine: machineId === undefined ? undefined : machines.view(machineId),
  });
  return reason === undefined ? token : refuse('InvalidAuthenticationToken', `The access token is invalid: ${reason}.`);
}
