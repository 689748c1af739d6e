import { hash } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { type DocumentKey, documentKey, type Store } from '../../core/ports/store.ts';
import type { IssuedToken } from '../../core/ports/token-issuer.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { EpochMillis } from '../../core/time.ts';
import type { SingleUse } from './client.ts';
import { openUseRecords, type RecordUse } from './use-records.ts';

/** Where the store remembers used assertions: below the minute after which they are refused for their age. */
const usesRoot = documentKey('/sts/assertions');

/** For so long a repeated request is the same request: a program's parallel first calls, or one that lost its answer. */
const sameRequestMillis = 5_000;

/** Proofs that buy one token of each resource. */
export interface SingleUses {
  /**
   * Issues the token that a proof buys for a resource. The same request again within seconds is answered with the same token, for
   * msal-node sends one assertion in each of its parallel first calls; later it is refused `AADSTS50013`, also after a restart:
   * the use is durable before the token is given.
   */
  issueOnce(use: SingleUse, resource: string, issue: Issue): Promise<IssuedToken | Refusal>;
}

type Issue = () => Promise<IssuedToken | Refusal>;

interface Recent {
  readonly at: EpochMillis;
  readonly answer: Promise<IssuedToken | Refusal>;
}

/** Opens the memory of used proofs over a store. */
export function openSingleUses({ store, clock }: { readonly store: Store; readonly clock: Clock }): SingleUses {
  const recent = new Map<string, Recent>();
  const record = openUseRecords(store);
  const forgetUses = forgetterOf(store);
  return {
    issueOnce: (use, resource, issue) => {
      const now = clock.now();
      forgetRecent(recent, now);
      const digest = digestOf(use, resource);
      const same = recent.get(digest);
      if (same !== undefined) return same.answer;
      const answer = forgetUses(use, now).then(() => recordAndIssue(record, { digest, use, now }, issue));
      recent.set(digest, { at: now, answer });
      return answer;
    },
  };
}

async function recordAndIssue(
  record: RecordUse,
  { digest, use, now }: { readonly digest: string; readonly use: SingleUse; readonly now: EpochMillis },
  issue: Issue,
): Promise<IssuedToken | Refusal> {
  const put = documentKey(`${usesRoot}/${minuteOf(use.expiresOn)}/${digest}`);
  const body: JsonObject = { usedAt: now };
  // At the same time: the token is signed by other threads while this one writes.
  const [first, issued] = await Promise.all([record({ put, body, when: { absent: true } }), issue()]);
  return first ? issued : refuseReplay(use.id);
}

/** The oldest are first: a `Map` keeps the order in which entries came. */
function forgetRecent(recent: Map<string, Recent>, now: EpochMillis): void {
  for (const [digest, { at }] of recent) {
    if (now - at < sameRequestMillis) return;
    recent.delete(digest);
  }
}

/**
 * Forgets the uses whose minute has passed, once a minute and only when something is used. What an earlier process left is found
 * the first time.
 */
function forgetterOf(store: Store): (use: SingleUse, now: EpochMillis) => Promise<void> {
  const minutes = new Set<number>();
  let looked: number | undefined;
  return async (use, now) => {
    minutes.add(minuteOf(use.expiresOn));
    const minute = Math.floor(now / 60_000);
    if (minute === looked) return;
    const first = looked === undefined;
    looked = minute;
    if (first) for (const { key } of await store.list(usesRoot)) minutes.add(minuteOfKey(key));
    const passed = [...minutes].filter((one) => one < minute);
    for (const one of passed) minutes.delete(one);
    const trees = passed.map((one) => ({ removeTree: documentKey(`${usesRoot}/${one}`) }));
    if (trees.length > 0) await store.transact(trees);
  };
}

/** The minute in which an assertion has surely ended. */
function minuteOf(expiresOn: number): number {
  return Math.ceil(expiresOn / 60);
}

function minuteOfKey(key: DocumentKey): number {
  return Number(key.slice(usesRoot.length + 1).split('/')[0]);
}

/** A digest, because the store's keys fold letter case and a `jti` may have any length. */
function digestOf({ clientId, id }: SingleUse, resource: string): string {
  return hash('sha256', JSON.stringify([clientId.toLowerCase(), id, resource]));
}

function refuseReplay(id: string): Refusal {
  return refuse(
    'AADSTS50013',
    `Assertion is invalid: the assertion with the id (jti) '${id.slice(0, 100)}' has been used for this resource. Sign a new one.`,
  );
}
