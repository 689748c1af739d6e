import type { RetainingActivityLog } from '../../activity-log/activity-log.ts';
import type { ActivityEvent } from '../../core/activity/event.ts';
import { activityRetentionMillis } from '../../core/activity/retention.ts';
import type { ActivityQuery } from '../../core/ports/activity-log.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { RecordedSignIn, SignInQuery } from '../../core/ports/sign-in-log.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { SignInLog } from '../../sign-ins/sign-in-log.ts';
import { checkpointVerifier } from '../sign-ins/checkpoint-key.ts';
import { parseLogQuery } from './log-query.ts';
import { findMachine, type OperatorMachinePorts } from './machines.ts';
import type {
  OperatorActivity,
  OperatorRecords,
  OperatorSignIns,
  OperatorTrace,
  OperatorVerification,
} from './wire.ts';

/** What the operator reads the logs from. */
export interface OperatorLogPorts extends OperatorMachinePorts {
  readonly signIns: SignInLog;
  readonly activityLog: RetainingActivityLog;
  readonly clock: Clock;
  /** The certificate that verifies checkpoints, as PEM. */
  readonly authorityPem: string;
}

/** The sign-ins that a query asks for, newest first. Refuses `InvalidParameter` and `ResourceNotFound`. */
export async function listSignIns(ports: OperatorLogPorts, query: URLSearchParams): Promise<OperatorSignIns | Refusal> {
  const asked = parseLogQuery(query, ports.clock.now());
  if (isRefusal(asked)) return asked;
  const { machine, user, outcome, uti, ...range } = asked;
  const machineResourceId = machine === undefined ? undefined : await findMachineId(ports, machine);
  if (isRefusal(machineResourceId)) return machineResourceId;
  const signIns = await collectSignIns(ports, {
    ...range,
    ...(machineResourceId === undefined ? {} : { machineResourceId }),
    ...(user === undefined ? {} : { userName: user }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(uti === undefined ? {} : { uti }),
  });
  return isRefusal(signIns) ? signIns : { signIns };
}

/** The records of a log after a number, oldest first, some at a time. */
export async function readRecords<Entry>(
  log: { readAfter(number: number): Promise<readonly Entry[]> },
  query: URLSearchParams,
): Promise<OperatorRecords<Entry>> {
  return { entries: await log.readAfter(Number(query.get('after') ?? 0)) };
}

/** The events that a query asks for, of all subscriptions and the tenant, newest first. */
export async function listActivity(
  ports: OperatorLogPorts,
  query: URLSearchParams,
): Promise<OperatorActivity | Refusal> {
  const asked = parseLogQuery(query, ports.clock.now());
  if (isRefusal(asked)) return asked;
  const { user, caller, uti, from, to, limit } = asked;
  const events = await collectEvents(ports, {
    from,
    to,
    limit,
    ...(user === undefined ? {} : { userName: user }),
    ...(caller === undefined ? {} : { caller }),
    ...(uti === undefined ? {} : { uti }),
  });
  return isRefusal(events) ? events : { events: events.map(({ body }) => body) };
}

/** Each hand-over of a token, and what was done with it, oldest first. */
export async function traceToken(ports: OperatorLogPorts, query: URLSearchParams): Promise<OperatorTrace | Refusal> {
  const uti = query.get('uti') ?? '';
  if (uti === '') return refuse('InvalidParameter', "Name the token: its claim 'uti'.");
  const to = ports.clock.now();
  const range = { from: (to - activityRetentionMillis) as typeof to, to, limit: traceLimit, uti };
  const [signIns, events] = await Promise.all([collectSignIns(ports, range), collectEvents(ports, range)]);
  if (isRefusal(signIns)) return signIns;
  if (isRefusal(events)) return events;
  if (signIns.length + events.length === 0) {
    return refuse('ResourceNotFound', `Neither log knows a token '${uti}'.`);
  }
  return { uti, signIns: signIns.toReversed(), events: events.map(({ body }) => body).toReversed() };
}

const traceLimit = 10_000;

/** Verifies the sign-in log, and that it still has a record that was exported; by a certificate that was kept elsewhere, where one is given. */
export function verifyRunningLog(ports: OperatorLogPorts, query: URLSearchParams): Promise<OperatorVerification> {
  const number = Number(query.get('number') ?? 0);
  const exported = new Map(number > 0 ? [[number, query.get('hash') ?? '']] : []);
  return ports.signIns.verify({
    verifier: checkpointVerifier([query.get('authority') ?? ports.authorityPem]),
    exported,
  });
}

/** A machine that is gone is still named by its resource id. */
async function findMachineId(ports: OperatorLogPorts, machine: string): Promise<string | Refusal> {
  if (machine.startsWith('/')) return machine;
  const found = await findMachine(ports, machine);
  return isRefusal(found) ? found : found.resourceId;
}

async function collectSignIns(
  { signIns }: OperatorLogPorts,
  query: SignInQuery,
): Promise<readonly RecordedSignIn[] | Refusal> {
  const found: RecordedSignIn[] = [];
  let next: SignInQuery | undefined = query;
  while (next !== undefined && found.length < query.limit) {
    const page = await signIns.query(next);
    if (isRefusal(page)) return page;
    found.push(...page.signIns);
    next = page.skipToken === undefined ? undefined : { ...query, skipToken: page.skipToken };
  }
  return found.slice(0, query.limit);
}

async function collectEvents(
  { activityLog }: OperatorLogPorts,
  query: ActivityQuery,
): Promise<readonly ActivityEvent[] | Refusal> {
  const found: ActivityEvent[] = [];
  for (const subscriptionId of await activityLog.subscriptionIds()) {
    const own: ActivityQuery = { ...query, ...(subscriptionId === undefined ? {} : { subscriptionId }) };
    let next: ActivityQuery | undefined = own;
    for (let count = 0; next !== undefined && count < query.limit; ) {
      const page = await activityLog.query(next);
      if (isRefusal(page)) return page;
      found.push(...page.events);
      count += page.events.length;
      next = page.skipToken === undefined ? undefined : { ...own, skipToken: page.skipToken };
    }
  }
  return found.toSorted((a, b) => b.time - a.time).slice(0, query.limit);
}
