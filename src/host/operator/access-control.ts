import type { OpenAccessGuard } from '../../access/open-access-guard.ts';
import type { LocalUser } from '../../core/access/caller.ts';
import { type CanonicalRequest, canonicalRequest } from '../../core/access/canonical-request.ts';
import { AccessDecider } from '../../core/access/decide-access.ts';
import { Learner } from '../../core/access/learn.ts';
import { parseProfile } from '../../core/access/parse-profile.ts';
import { Simulator } from '../../core/access/simulate.ts';
import { selectIdentity } from '../../core/identity/select-identity.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Caller } from '../../core/ports/caller.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Machines } from '../../core/ports/machines.ts';
import type { SignInQuery } from '../../core/ports/sign-in-log.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { SignIn } from '../../core/sign-ins/sign-in.ts';
import type { EpochMillis } from '../../core/time.ts';
import { describeUser } from './local-user.ts';
import type { OperatorLogPorts } from './log.ts';
import { findMachine, type OperatorMachinePorts } from './machines.ts';
import type { OperatorAccessExplanation, OperatorLearnedProfile, OperatorSimulation } from './wire.ts';

/** What explaining and trying in-VM access control needs. */
export interface AccessControlPorts extends OperatorMachinePorts {
  readonly guard: OpenAccessGuard;
  readonly machines: Machines;
  readonly signIns: OperatorLogPorts['signIns'];
  readonly clock: Clock;
}

const tokenPath = '/metadata/identity/oauth2/token';
const defaultResource = 'https://management.azure.com';
const week = 7 * 86_400_000;

/**
 * What a machine's access control says to a user's request now: `machine`, `user`, `group` (more than it is in), `exe`, `process`, `path`,
 * `resource`, and one of `client_id`, `object_id`, `msi_res_id`. Refuses `InvalidParameter`, `ResourceNotFound`, and what selecting an
 * identity refuses.
 */
export async function explainRequest(
  ports: AccessControlPorts,
  query: URLSearchParams,
): Promise<OperatorAccessExplanation | Refusal> {
  const machine = await findMachine(ports, query.get('machine') ?? '');
  if (isRefusal(machine)) return machine;
  const userName = query.get('user') ?? '';
  if (userName === '') return refuse('InvalidParameter', "Name the user of the machine: 'user' is missing.");
  const { resourceId: machineResourceId } = machine;
  const request = askedRequest(ports, machineResourceId, query);
  if (isRefusal(request)) return request;
  const { user, exists } = await describeUser(ports.store, machineResourceId, userName, query.getAll('group'));
  const caller = describedCaller(user, query);
  const verdict = await ports.guard.decide({ machineResourceId, request, caller });
  const { resource } = Object.fromEntries(request.query);
  return {
    machineResourceId,
    userName,
    userExists: exists,
    groupNames: user.groupNames,
    path: request.path,
    ...(resource === undefined ? {} : { resource }),
    ...(request.identity === undefined ? {} : { identityResourceId: request.identity.resourceId }),
    ...(verdict ?? { mode: 'Disabled', decision: 'Allow', rule: 'no access control profile is in force' }),
    passes: verdict === undefined || verdict.decision === 'Allow' || verdict.mode === 'Audit',
  };
}

function askedRequest(
  { machines }: AccessControlPorts,
  machineResourceId: string,
  query: URLSearchParams,
): CanonicalRequest | Refusal {
  const path = query.get('path') ?? tokenPath;
  const faulty = judgePath(path);
  if (faulty !== undefined) return faulty;
  const isToken = path.toLowerCase().replace(/\/$/, '') === tokenPath;
  const resource = query.get('resource') ?? (isToken ? defaultResource : undefined);
  const asked = new Map(resource === undefined ? [] : [['resource', resource]]);
  if (!isToken) return canonicalRequest(path.split('/'), asked);
  const selectors = [
    ['clientId', 'client_id'],
    ['objectId', 'object_id'],
    ['msiResId', 'msi_res_id'],
  ].flatMap(([field, name]) => (query.has(name as string) ? [[field, query.get(name as string)]] : []));
  const identities = machines.view(machineResourceId)?.identities ?? [];
  const identity = selectIdentity(identities, Object.fromEntries(selectors));
  return isRefusal(identity) ? identity : canonicalRequest(path.split('/'), asked, identity);
}

/** What no request's path could be would be decided on as another one. */
function judgePath(path: string): Refusal | undefined {
  const isPath = path.startsWith('/') && !/[?#%]|\/\/|\/\.\.?(?:\/|$)/.test(path);
  if (isPath) return undefined;
  const message = `The path '${path}' is not one that a machine can ask for: it begins with '/', and is without a query, percent signs, and empty or dot segments.`;
  return refuse('InvalidParameter', message);
}

/** The caller that the question describes: what it does not say of the program cannot be said. */
function describedCaller(user: LocalUser, query: URLSearchParams): Caller {
  const exePath = query.get('exe');
  const processName = query.get('process') ?? exePath?.slice(exePath.lastIndexOf('/') + 1);
  const known = exePath !== null || query.has('process');
  const process = { pid: 0, exePath: exePath ?? '', processName: processName ?? '', commandLine: [] };
  return { user: () => user, process: () => (known ? process : undefined) };
}

/**
 * What a draft would have made of what happened: `{ machine, since?, profile }`; the profile is a version's body or its properties.
 * Refuses `InvalidParameter` and `ResourceNotFound`.
 */
export async function simulateProfile(
  ports: AccessControlPorts,
  body: JsonObject,
): Promise<OperatorSimulation | Refusal> {
  const { profile: given } = body;
  if (!isJsonObject(given)) return refuse('InvalidParameter', 'The profile must be a JSON object.');
  const profile = parseProfile(isJsonObject(given['properties']) ? given['properties'] : given);
  if (isRefusal(profile)) return profile;
  const simulator = new Simulator(new AccessDecider(profile), ports.guard.readResource);
  const since = typeof body['since'] === 'number' ? body['since'] : undefined;
  const read = await eachSignIn(ports, String(body['machine'] ?? ''), since, (signIn) => simulator.add(signIn));
  return isRefusal(read) ? read : { ...read, ...simulator.result() };
}

/** The smallest profile that allows what happened on a `machine` since a time. Refuses `InvalidParameter` and `ResourceNotFound`. */
export async function learnProfile(
  ports: AccessControlPorts,
  query: URLSearchParams,
): Promise<OperatorLearnedProfile | Refusal> {
  const learner = new Learner();
  const since = query.get('since');
  const from = since === null ? undefined : Number(since);
  const read = await eachSignIn(ports, query.get('machine') ?? '', from, (signIn) => learner.add(signIn));
  return isRefusal(read) ? read : { ...read, ...learner.result() };
}

async function eachSignIn(
  ports: AccessControlPorts,
  machine: string,
  since: number | undefined,
  take: (signIn: SignIn) => void,
): Promise<{ readonly machineResourceId: string; readonly since: string } | Refusal> {
  const found = await findMachine(ports, machine);
  if (isRefusal(found)) return found;
  const to = ports.clock.now();
  const from = (since ?? to - week) as EpochMillis;
  if (!Number.isSafeInteger(from)) return refuse('InvalidParameter', "'since' is milliseconds since 1970.");
  const query: SignInQuery = { from, to, machineResourceId: found.resourceId, limit: 1000 };
  let next: SignInQuery | undefined = query;
  while (next !== undefined) {
    const page = await ports.signIns.query(next);
    if (isRefusal(page)) return page;
    // Through the other doors nobody on the machine asks, and no rule names who does.
    for (const signIn of page.signIns) if (signIn.request.path.startsWith('/metadata')) take(signIn);
    next = page.skipToken === undefined ? undefined : { ...query, skipToken: page.skipToken };
  }
  return { machineResourceId: found.resourceId, since: new Date(from).toISOString() };
}
