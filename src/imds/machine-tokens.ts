import { selectIdentity } from '../core/identity/select-identity.ts';
import type { AccessGuard, AccessVerdict } from '../core/ports/access-guard.ts';
import { unknownCaller } from '../core/ports/caller.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { MachineToken, MachineTokenQuestion, MachineTokens } from '../core/ports/machine-tokens.ts';
import type { AttachedIdentity, Machines, MachineView } from '../core/ports/machines.ts';
import type { SignInRecorder } from '../core/ports/sign-in-log.ts';
import type { IssuedToken, TokenIssuer } from '../core/ports/token-issuer.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { SignIn } from '../core/sign-ins/sign-in.ts';
import { toEpochSeconds } from '../core/time.ts';
import { machineClaimOf } from '../core/token/machine-claim.ts';
import { findDenial } from './denial.ts';
import { type Passage, passageOf } from './passage.ts';
import { failureOf, type Outcome } from './sign-in-records.ts';
import { TokenCache } from './token-cache.ts';

/** What giving out machines' tokens needs. */
export interface MachineTokenPorts {
  readonly machines: Machines;
  readonly directory: Directory;
  readonly issuer: TokenIssuer;
  /** In-VM access control: nobody on the machine asks here, and who cannot be identified is denied in `Enforce`. */
  readonly guard: AccessGuard;
  readonly signIns: SignInRecorder;
  readonly clock: Clock;
}

const notFound = refuse('imdsIdentityNotFound', 'Identity not found');

/** Gives out machines' tokens otherwise than over 169.254.169.254; they are guarded, recorded and held as there. */
export function openMachineTokens(ports: MachineTokenPorts): MachineTokens {
  const tokens = new TokenCache();
  return {
    tokenFor: async (question) => {
      const request = await admit(ports, question);
      const granted = isRefusal(request.found) ? request.found : await grant(ports, tokens, request.found, question);
      await ports.signIns.record(signInOf(ports, question, request, granted));
      return isRefusal(granted) ? granted : { identity: granted.identity, token: granted.token };
    },
  };
}

/** A request after access control: what it means, or why not, as it is recorded. */
interface Admission {
  readonly passage: Passage;
  readonly verdict?: AccessVerdict;
  readonly found: Selected | Refusal;
}

interface Selected {
  readonly view: MachineView;
  readonly identity: AttachedIdentity;
}

/** Asks in-VM access control first: who is denied learns nothing else. */
async function admit(ports: MachineTokenPorts, question: MachineTokenQuestion): Promise<Admission> {
  const { machineResourceId, path, resource } = question;
  const view = ports.machines.view(machineResourceId);
  const identity = view === undefined ? notFound : select(view, question);
  const target = { segments: path.slice(1).split('/'), query: new Map([['resource', resource]]) };
  const selected = isRefusal(identity) ? undefined : identity;
  const passage = passageOf(view?.resourceId ?? machineResourceId, undefined, target, selected);
  const verdict = await ports.guard.decide({ machineResourceId, request: passage.canonical, caller: unknownCaller });
  // The machine may have changed while its profile was loaded: then all of it is asked anew.
  if (ports.machines.view(machineResourceId) !== view) return admit(ports, question);
  const refused = findDenial(verdict, undefined, machineResourceId) ?? (isRefusal(identity) ? identity : undefined);
  const found = refused ?? ({ view, identity } as Selected);
  return { passage, found, ...(verdict === undefined ? {} : { verdict }) };
}

interface Granted extends MachineToken {
  readonly outcome: 'issued' | 'handedOver';
}

async function grant(
  ports: MachineTokenPorts,
  tokens: TokenCache,
  { view, identity }: Selected,
  { resource }: MachineTokenQuestion,
): Promise<Granted | Refusal> {
  const slot = tokens.slot(view.vmId, identity.principalId, resource);
  const principal = ports.directory.servicePrincipal(identity.principalId);
  if (principal === undefined) return notFound;
  const held = principal.accountEnabled ? slot.fresh(toEpochSeconds(ports.clock.now())) : undefined;
  if (held !== undefined && ports.issuer.isStanding(held)) return { identity, token: held, outcome: 'handedOver' };
  const token = await slot.renew(() => issue(ports, resource, view, identity));
  return isRefusal(token) ? token : { identity, token, outcome: 'issued' };
}

/** Nobody's: a program outside the machine asked. */
function signInOf(
  { clock }: MachineTokenPorts,
  { clientRequestId }: MachineTokenQuestion,
  { passage, verdict }: Admission,
  granted: Granted | Refusal,
): SignIn {
  return {
    time: clock.now(),
    ...passage.record,
    ...(verdict === undefined ? {} : { access: verdict }),
    ...(clientRequestId === undefined ? {} : { clientRequestId }),
    ...(isRefusal(granted) ? outcomeOf(granted) : { outcome: granted.outcome, uti: granted.token.uti }),
  };
}

function outcomeOf(refusal: Refusal): Outcome {
  return refusal.refused === 'imdsAccessDenied' ? { outcome: 'denied' } : failureOf(refusal);
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
