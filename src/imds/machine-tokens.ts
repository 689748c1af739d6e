import { selectIdentity } from '../core/identity/select-identity.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { MachineToken, MachineTokenQuestion, MachineTokens } from '../core/ports/machine-tokens.ts';
import type { AttachedIdentity, Machines, MachineView } from '../core/ports/machines.ts';
import type { Random } from '../core/ports/random.ts';
import type { SignInRecorder } from '../core/ports/sign-in-log.ts';
import type { IssuedToken, TokenIssuer } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { SignIn } from '../core/sign-ins/sign-in.ts';
import { toEpochSeconds } from '../core/time.ts';
import { machineClaimOf } from '../core/token/machine-claim.ts';
import { TokenCache } from './token-cache.ts';

/** What giving out machines' tokens needs. */
export interface MachineTokenPorts {
  readonly machines: Machines;
  readonly directory: Directory;
  readonly issuer: TokenIssuer;
  readonly signIns: SignInRecorder;
  readonly clock: Clock;
  readonly random: Random;
}

const notFound = refuse('imdsIdentityNotFound', 'Identity not found');

/** Gives out machines' tokens otherwise than over 169.254.169.254; they are held as there. */
export function openMachineTokens(ports: MachineTokenPorts): MachineTokens {
  const tokens = new TokenCache();
  return {
    tokenFor: async (question) => {
      const granted = await grant(ports, tokens, question);
      await ports.signIns.record(signInOf(ports, question, granted));
      return isRefusal(granted) ? granted : { identity: granted.identity, token: granted.token };
    },
  };
}

interface Granted extends MachineToken {
  readonly outcome: 'issued' | 'handedOver';
}

async function grant(
  ports: MachineTokenPorts,
  tokens: TokenCache,
  question: MachineTokenQuestion,
): Promise<Granted | Refusal> {
  const view = ports.machines.view(question.machineResourceId);
  if (view === undefined) return notFound;
  const identity = select(view, question);
  if (isRefusal(identity)) return identity;
  const slot = tokens.slot(view.vmId, identity.principalId, question.resource);
  const principal = ports.directory.servicePrincipal(identity.principalId);
  if (principal === undefined) return notFound;
  const held = principal.accountEnabled ? slot.fresh(toEpochSeconds(ports.clock.now())) : undefined;
  if (held !== undefined && ports.issuer.isStanding(held)) return { identity, token: held, outcome: 'handedOver' };
  const token = await slot.renew(() => issue(ports, question.resource, view, identity));
  return isRefusal(token) ? token : { identity, token, outcome: 'issued' };
}

/** Nobody's: a program outside the machine asked. */
function signInOf(
  { clock, random }: MachineTokenPorts,
  { machineResourceId, path, resource, clientRequestId }: MachineTokenQuestion,
  granted: Granted | Refusal,
): SignIn {
  return {
    id: random.uuid(),
    time: clock.now(),
    machineResourceId,
    request: { path, query: { resource } },
    ...(clientRequestId === undefined ? {} : { clientRequestId }),
    ...(isRefusal(granted)
      ? { outcome: 'failed', failure: { code: granted.refused, message: granted.message } }
      : { outcome: granted.outcome, identity: namesOf(granted.identity), uti: granted.token.uti }),
  };
}

function namesOf({ principalId, clientId, resourceId }: AttachedIdentity): NonNullable<SignIn['identity']> {
  return { principalId, clientId, resourceId };
}

function select(
  view: MachineView,
  { selectors, systemAssignedOnly }: MachineTokenQuestion,
): AttachedIdentity | Refusal {
  const isNamed = Object.values(selectors).some((value) => value !== undefined);
  if (isNamed || systemAssignedOnly !== true) return selectIdentity(view.identities, selectors);
  return view.identities.find(({ kind }) => kind === 'systemAssigned') ?? notFound;
}

async function issue(
  { directory, issuer }: MachineTokenPorts,
  resource: string,
  view: MachineView,
  identity: AttachedIdentity,
): Promise<IssuedToken | Refusal> {
  const principal = directory.servicePrincipal(identity.principalId);
  if (principal === undefined) return notFound;
  return issuer.issueManagedIdentityToken({
    principal,
    resource,
    identityResourceId: identity.resourceId,
    ...machineClaimOf(identity, view.resourceId),
  });
}
