import type { RecordedSignIn, SignInPage, SignInQuery } from '../core/ports/sign-in-log.ts';
import type { Store } from '../core/ports/store.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { batchIdOf, parseBatch, signInsOf } from '../core/sign-ins/batch.ts';
import { matchesSignInQuery } from '../core/sign-ins/matches.ts';
import type { EpochMillis } from '../core/time.ts';
import { letOthersIn } from './let-others-in.ts';
import { formatSkipToken, type PageEnd, parseSkipToken } from './skip-token.ts';
import { recordStream } from './streams.ts';

/** How many batches are read at once, and how many reads a page may take before it hands over to the next, found or not. */
const batchesAtOnce = 20;
const readsPerPage = 500;
/** A batch has the time of its latest record; one that ends so much later may hold what was asked for. */
const slackMillis = 60_000;

/** A page of what a query asks for, newest first. */
export async function readPage(store: Store, query: SignInQuery): Promise<SignInPage | Refusal> {
  const start = query.skipToken === undefined ? undefined : parseSkipToken(query.skipToken);
  if (query.skipToken !== undefined && start === undefined) {
    return refuse('InvalidParameter', 'The $skiptoken is not one that an earlier page gave.', { target: '$skiptoken' });
  }
  const found: RecordedSignIn[] = [];
  let end = start;
  for (let read = 0; read < readsPerPage; read += 1) {
    const batches = await readBatches(store, query, end);
    for (const { time, sequence, body } of batches) {
      const batch = parseBatch(body);
      if (batch === undefined) continue;
      for (const signIn of signInsOf(batch).toReversed()) {
        if (end?.sequence === sequence && signIn.number >= end.number) continue;
        if (found.length === query.limit && end !== undefined)
          return { signIns: found, skipToken: formatSkipToken(end) };
        if (matchesSignInQuery(signIn, query)) found.push(signIn);
        end = { time, sequence, number: signIn.number };
      }
    }
    if (batches.length < batchesAtOnce) return { signIns: found };
    await letOthersIn();
  }
  return end === undefined ? { signIns: found } : { signIns: found, skipToken: formatSkipToken(end) };
}

function readBatches(store: Store, { from, to }: SignInQuery, end: PageEnd | undefined) {
  const before = end === undefined ? undefined : { time: end.time, sequence: end.sequence + 1 };
  const latest = (to + slackMillis) as EpochMillis;
  return store.query(recordStream, { from, to: latest, limit: batchesAtOnce, ...(before && { before }) });
}

/** The records after a number, oldest first: those of so many batches. */
export async function readAfter(store: Store, after: number, batches: number): Promise<readonly RecordedSignIn[]> {
  const [holding] = await store.scan(recordStream, { before: batchIdOf(after + 2), limit: 1 });
  const rest = await store.scan(recordStream, { after: batchIdOf(after + 1), limit: batches });
  return [...(holding === undefined ? [] : [holding]), ...rest].flatMap(({ body }) => {
    const batch = parseBatch(body);
    return batch === undefined ? [] : signInsOf(batch).filter(({ number }) => number > after);
  });
}
