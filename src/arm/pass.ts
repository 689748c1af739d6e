import { concealRefusal } from '../core/conceal.ts';
import type { AccessFacts } from '../core/rbac/access-facts.ts';
import { conditionsLoading } from '../core/rbac/condition/language.ts';
import type { Because, Grant } from '../core/rbac/decision.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { conclude } from './conclude.ts';
import { checkRegistration } from './containers/registration.ts';
import { checkResourceGroup } from './containers/resource-group.ts';
import { checkEnabled } from './containers/subscription.ts';
import type { Door } from './door.ts';
import { isRead } from './parse/arrival.ts';
import { accessFactsOf, callOf, factsOf, type Passage } from './passage.ts';
import { permitLinked } from './permit/linked.ts';
import { permit } from './permit/permit.ts';
import { showsPart, sift, type Viewer } from './permit/visible.ts';
import type { Answer, Call, Operation } from './provider-contract.ts';
import { isRecorded, record } from './record/record.ts';
import { type Reply, replyOf } from './respond/respond.ts';

/**
 * The door's second half: the permission, then, with a record before and after for all but reads, the linked permissions,
 * the resource group, the locks, and the provider.
 */
export async function pass(door: Door, passage: Passage): Promise<Reply> {
  const decided = await permitAction(door, passage);
  const { action } = passage;
  const recorded = isRecorded(action) ? factsOf(passage, action, grantOf(decided)) : undefined;
  const permitted = isRefusal(decided) && (await mayWithout(passage)) ? { sifted: false } : decided;
  if (recorded !== undefined) await record(door.context, recorded, { status: 'Started' });
  const answer = isRefusal(permitted) ? permitted : await provide(door, passage, permitted.sifted);
  if (!isRefusal(answer)) return conclude(door, passage, answer.answer, recorded, answer.location);
  const reply = replyOf(answer);
  if (recorded !== undefined) {
    const refusal = concealRefusal(answer, passage.arrival.secrets ?? new Set());
    await record(door.context, recorded, { status: 'Failed', httpStatus: reply.status, refusal });
  }
  return reply;
}

/**
 * Whether a request's permission would be given, as far as that can be told before it is made: what conditions may name of the
 * request is not asked about.
 */
export async function judgePermission(door: Door, passage: Passage): Promise<Refusal | undefined> {
  if (passage.match.route.operation.attributes !== undefined) return undefined;
  const decided = await permitAction(door, passage);
  return isRefusal(decided) && !(await mayWithout(passage)) ? decided : undefined;
}

/** A permission that the caller has, wholly or (a list) for a part of what was asked. */
interface Standing {
  readonly because?: Because;
  readonly sifted: boolean;
}

function grantOf(permitted: Standing | Refusal): Grant | undefined {
  if (isRefusal(permitted) || permitted.because?.kind !== 'allowedBy') return undefined;
  return permitted.because.grant;
}

async function permitAction(door: Door, passage: Passage): Promise<Standing | Refusal> {
  const { action, caller, match, place } = passage;
  if (action === undefined) return { sifted: false };
  const { authorizer } = door.context;
  const { operation } = match.route;
  const facts = operation.attributes === undefined ? accessFactsOf(passage) : await attributedFacts(operation, passage);
  const ask = () => permit(authorizer, caller, action, place.permissionScope, facts);
  const permitted = await askAgain(ask);
  if (!isRefusal(permitted)) return { ...permitted, sifted: false };
  return showsPart(match.route, viewerOf(door, passage), place.permissionScope) ? { sifted: true } : permitted;
}

/** A first condition finds its language still to be loaded: what it refused is asked again. */
async function askAgain<Outcome>(ask: () => Outcome | Refusal): Promise<Outcome | Refusal> {
  const first = ask();
  const loading = isRefusal(first) ? conditionsLoading() : undefined;
  if (loading === undefined) return first;
  await loading;
  return ask();
}

async function attributedFacts(operation: Operation, passage: Passage): Promise<AccessFacts> {
  return { ...accessFactsOf(passage), ...(await operation.attributes?.(callOf(passage))) };
}

function viewerOf({ context }: Door, passage: Passage): Viewer {
  return { authorizer: context.authorizer, caller: passage.caller, facts: accessFactsOf(passage) };
}

async function mayWithout(passage: Passage): Promise<boolean> {
  const { operation } = passage.match.route;
  return (await operation.mayWithout?.(callOf(passage))) ?? false;
}

interface Provided {
  readonly answer: Answer;
  /** The region of the group that the target lies in. */
  readonly location?: string;
}

async function provide(door: Door, passage: Passage, sifted: boolean): Promise<Provided | Refusal> {
  const call = callOf(passage);
  if (isRead(passage.arrival.method)) return handle(door, passage, call, sifted);
  const linked = await checkLinked(door, passage, call);
  if (linked !== undefined) return linked;
  const { groupKey, belowGroup } = passage.place;
  return door.underWay.within(belowGroup ? groupKey : undefined, () => handle(door, passage, call, sifted));
}

/** The group is asked and the provider answers; of what is no read, as one step for which the group's deletion waits. */
async function handle(door: Door, passage: Passage, call: Call, sifted: boolean): Promise<Provided | Refusal> {
  const { store } = door.context;
  const { place, match, arrival } = passage;
  const group = await checkResourceGroup(store, place, arrival.method);
  if (isRefusal(group)) return group;
  const closed = isRead(arrival.method) ? undefined : await checkOpen(door, passage);
  if (closed !== undefined) return closed;
  const { namespace } = match.route.provider;
  if (arrival.method === 'PUT') {
    const unregistered = await checkRegistration(store, place.subscriptionId, namespace);
    if (unregistered !== undefined) return unregistered;
  }
  const answer = await match.route.operation.handle(call);
  if (isRefusal(answer)) return answer;
  const shown = sifted && answer.body !== undefined ? siftAnswer(door, passage, answer) : answer;
  return { answer: shown, ...group };
}

/** Whether what is no read may happen here at all, whoever asks: the subscription takes writes, and no lock forbids it. */
async function checkOpen({ context, locks }: Door, passage: Passage): Promise<Refusal | undefined> {
  return (await checkEnabled(context.store, passage)) ?? (await locks.check(passage));
}

function siftAnswer(door: Door, passage: Passage, answer: Answer): Answer {
  if (answer.body === undefined) return answer;
  return { ...answer, body: sift(answer.body, passage.match.route, viewerOf(door, passage)) };
}

async function checkLinked({ context }: Door, passage: Passage, call: Call): Promise<Refusal | undefined> {
  const { operation } = passage.match.route;
  const checks = (await operation.linked?.(call)) ?? [];
  if (isRefusal(checks)) return checks;
  if (checks.length === 0) return undefined;
  const requested = { action: passage.action ?? '', scope: passage.place.permissionScope };
  const facts = await attributedFacts(operation, passage);
  return askAgain(() => permitLinked(context.authorizer, passage.caller, requested, checks, facts));
}
