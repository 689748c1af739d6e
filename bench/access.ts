// Decisions of in-VM access control at 10, 1,000 and 10,000 rules: each rule a privilege for a resource, a role, an identity and its
// assignment. Requests are of many users for many resources, half of them denied, and no decision is remembered from one to the next.

import { canonicalRequest } from '../src/core/access/canonical-request.ts';
import { AccessDecider, type AccessQuestion } from '../src/core/access/decide-access.ts';
import { parseProfile } from '../src/core/access/parse-profile.ts';
import type { JsonObject } from '../src/core/json.ts';
import { isRefusal } from '../src/core/refusal.ts';
import type { EpochMillis } from '../src/core/time.ts';

const sizes = [10, 1_000, 10_000] as const;
const goal = 0.5;
const path = '/metadata/identity/oauth2/token';
const now = Date.UTC(2026, 10, 24, 12) as EpochMillis;

/** Measures the sizes in turns, so that all meet the same machine; the median of the rounds' ratios of 10,000 to 10 counts. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const [count, rounds] = short ? [50_000, 3] : [400_000, 7];
  const stands = sizes.map((size) => ({ size, decider: deciderOf(size), questions: questionsOf(size) }));
  for (const { decider, questions } of stands) measure(decider, questions, count / 10);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const rates = stands.map(({ decider, questions }) => measure(decider, questions, count));
    console.log(stands.map(({ size }, at) => `${size} rules ${rates[at]?.toFixed(0)}/s`).join('  '));
    ratios.push((rates[2] ?? 0) / (rates[0] ?? 1));
  }
  const median = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0;
  console.log(`access ratio=${median.toFixed(2)} goal=${goal.toFixed(2)}`);
}

function deciderOf(size: number): AccessDecider {
  const rules = Array.from({ length: size }, (_, at) => at);
  const properties: JsonObject = {
    mode: 'Enforce',
    defaultAccess: 'Deny',
    rules: {
      privileges: rules.map((at) => ({ name: `p${at}`, path, queryParameters: { resource: `api://app-${at}` } })),
      roles: rules.map((at) => ({ name: `r${at}`, privileges: [`p${at}`] })),
      identities: rules.map((at) => ({ name: `i${at}`, userName: `user-${at}` })),
      roleAssignments: rules.map((at) => ({ role: `r${at}`, identities: [`i${at}`] })),
    },
  };
  const profile = parseProfile(properties);
  if (isRefusal(profile)) throw new Error(profile.message);
  return new AccessDecider(profile);
}

/** 1,000 questions over the whole profile; in every other one the user asks for what is another's. */
function questionsOf(size: number): readonly AccessQuestion[] {
  return Array.from({ length: 1_000 }, (_, at) => {
    const rule = (at * 7919) % size;
    const asked = at % 2 === 0 ? rule : (rule + 1) % size;
    const resource = `api://app-${asked}`;
    return {
      request: canonicalRequest(
        path.split('/'),
        new Map([
          ['resource', resource],
          ['api-version', '2018-02-01'],
        ]),
      ),
      resource: [[resource]],
      user: { uid: 1000 + rule, userName: `user-${rule}`, groupNames: [`user-${rule}`, 'staff'] },
    };
  });
}

/** Decisions a second. */
function measure(decider: AccessDecider, questions: readonly AccessQuestion[], count: number): number {
  let allowed = 0;
  const start = performance.now();
  for (let at = 0; at < count; at++) {
    const decided = decider.decide(questions[at % questions.length] as AccessQuestion, now);
    if (decided !== 'process' && decided.decision === 'Allow') allowed += 1;
  }
  const rate = count / ((performance.now() - start) / 1000);
  if (allowed !== count / 2) throw new Error(`${allowed} of ${count} were allowed; half of them should be`);
  return rate;
}
