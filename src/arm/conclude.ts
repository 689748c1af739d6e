import type { ActivityStage } from '../core/activity/facts.ts';
import { conceal } from '../core/conceal.ts';
import { isJsonObject } from '../core/json.ts';
import type { Door } from './door.ts';
import type { AsyncOperation } from './operations/operation.ts';
import { pollHeaders } from './operations/status.ts';
import { formatEtag } from './parse/etag.ts';
import type { Passage } from './passage.ts';
import type { Answer, LongRunning } from './provider-contract.ts';
import { record, type SharedFacts } from './record/record.ts';
import type { Reply } from './respond/respond.ts';

/** Turns a provider's answer into a reply, records the end (or that it was accepted), and sets a long work going. */
export async function conclude(
  door: Door,
  passage: Passage,
  answer: Answer,
  recorded: SharedFacts | undefined,
  groupLocation: string | undefined,
): Promise<Reply> {
  const etag = answer.etag === undefined ? undefined : { ETag: formatEtag(answer.etag) };
  const base = { status: answer.status, ...(answer.body === undefined ? {} : { body: answer.body }) };
  if (recorded !== undefined) await record(door.context, recorded, stageOf(passage, answer));
  if (!('work' in answer)) return etag === undefined ? base : { ...base, headers: etag };
  const operation = operationOf(door, passage, answer, recorded, groupLocation);
  await door.operations.begin(operation);
  const headers = { ...etag, ...pollHeaders(operation, passage.arrival.origin, answer.status) };
  return { ...base, headers, operationId: operation.id };
}

/** What an action answers may be a secret, as keys are: only what a GET would show as well is recorded. */
function stageOf({ arrival }: Passage, { status: httpStatus, body, ...answer }: Answer): ActivityStage {
  const status = 'work' in answer ? 'Accepted' : 'Succeeded';
  const shown =
    body === undefined || arrival.method === 'POST'
      ? {}
      : { responseBody: conceal(body, arrival.secrets ?? new Set()) };
  return { status, httpStatus, ...shown };
}

function operationOf(
  door: Door,
  passage: Passage,
  answer: LongRunning,
  recorded: SharedFacts | undefined,
  groupLocation: string | undefined,
): AsyncOperation {
  const { arrival, caller, place, apiVersion, match } = passage;
  const own = isJsonObject(answer.body) ? answer.body['location'] : undefined;
  return {
    id: door.context.random.uuid(),
    tenantId: caller.tenantId,
    ...(place.subscriptionId === undefined ? {} : { subscriptionId: place.subscriptionId }),
    namespace: match.route.provider.namespace,
    location: typeof own === 'string' ? own : (groupLocation ?? 'global'),
    apiVersion,
    work: answer.work,
    input: answer.input,
    correlationId: arrival.ids.correlationId,
    status: 'Running',
    startMillis: arrival.now,
    finalStatus: answer.finalStatus ?? 200,
    ...(recorded === undefined ? {} : { facts: withoutBody(recorded) }),
  };
}

/** The body went into the first event, its secrets left out; the operation's document must not hold them either. */
function withoutBody({ requestBody: _, ...facts }: SharedFacts): SharedFacts {
  return facts;
}
