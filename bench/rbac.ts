// Decisions a second with 1 thousand, 100 thousand and 1 million role assignments and 400 roles, half of the queries allowed,
// against Cedar with the caller's policies only; and what an assignment takes of memory.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AccessRules } from '../src/core/rbac/access-rules.ts';
import { decide } from '../src/core/rbac/decide.ts';
import type { RoleDefinition } from '../src/core/rbac/role-definition.ts';
import { cedarAllows, cedarRequest } from './rbac/cedar.ts';
import { callerOf, type Draw, drawFrom, makeAssignment, makeRoles, type Query, queryOf } from './rbac/world.ts';

const sizes = [1_000, 100_000, 1_000_000] as const;
/** Times Cedar at 100 thousand; part of the speed at 1 thousand that is left at 1 million; bytes an assignment. */
const goals = { cedar: 300, million: 0.3, bytes: 400 };
const compared = 1_000;

/** Measures; the ratio is the least of the three figures, each as a part of its own goal. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  const draw = drawFrom(0x2f6e2b1);
  const roles = makeRoles(draw);
  const byId = new Map(roles.map((role) => [role.id, role]));
  const [millis, rounds] = short ? [300, 3] : [1_500, 5];
  const rates = new Map<number, number>();
  let timesCedar = Number.NaN;
  let bytes = 0;
  for (const size of sizes) {
    const world = makeWorld(size, roles, byId, draw, short ? 4_000 : 20_000);
    const rate = measure(world.queries, (query) => allows(world.rules, query), millis, rounds);
    rates.set(size, rate);
    bytes = Math.max(bytes, size > 1_000 ? world.bytes : 0);
    const weight = size > 1_000 ? `, ${world.bytes.toFixed(0)} bytes an assignment` : '';
    console.log(`${size} assignments: ${rate.toFixed(0)} decisions/s${weight}`);
    if (size === 100_000) timesCedar = compare(world, byId, millis, rounds);
  }
  report(timesCedar, (rates.get(1_000_000) ?? 0) / (rates.get(1_000) ?? Number.NaN), bytes);
}

interface World {
  readonly rules: AccessRules;
  readonly queries: readonly Query[];
  readonly bytes: number;
}

function makeWorld(
  size: number,
  roles: readonly RoleDefinition[],
  byId: ReadonlyMap<string, RoleDefinition>,
  draw: Draw,
  wanted: number,
): World {
  const rules = new AccessRules(roles);
  const before = heldBytes();
  for (let at = 0; at < size; at += 1) {
    rules.assignments.put(makeAssignment(at, size, roles, draw));
  }
  const bytes = (heldBytes() - before) / size;
  return { rules, queries: halfAllowed(rules, size, byId, draw, wanted), bytes };
}

/** Queries of which every second one is allowed: of an assignment that there is, then with what another principal may. */
function halfAllowed(
  rules: AccessRules,
  size: number,
  byId: ReadonlyMap<string, RoleDefinition>,
  draw: Draw,
  wanted: number,
): readonly Query[] {
  const queries: Query[] = [];
  const callers = new Map<string, readonly string[]>();
  while (queries.length < wanted) {
    const query = queryOf(rules.assignments.at(draw(size)), byId, draw, callers);
    const other = callerOf(rules.assignments.at(draw(size)).principalId, callers);
    const asked = queries.length % 2 === 0 ? query : { ...query, principals: other };
    if (allows(rules, asked) === (queries.length % 2 === 0)) queries.push(asked);
  }
  return queries;
}

function allows(rules: AccessRules, query: Query): boolean {
  return decide(rules, query).allowed;
}

/** Compares the answers on 1,000 queries, then measures both on these in turns; answers how many times Cedar it is. */
function compare(
  { rules, queries }: World,
  byId: ReadonlyMap<string, RoleDefinition>,
  millis: number,
  rounds: number,
): number {
  const asked = queries.slice(0, compared);
  const requests = asked.map((query) =>
    cedarRequest(query, [...rules.assignments.of(query.principals[0] ?? '')], byId),
  );
  const wrong = requests.findIndex((request, at) => cedarAllows(request) !== allows(rules, asked[at] as Query));
  if (wrong >= 0) throw new Error(`Cedar decides otherwise: ${JSON.stringify(requests[wrong])}`);
  const ratios = Array.from({ length: rounds }, () => {
    const cedar = rateOf(requests, cedarAllows, millis);
    const ours = rateOf(asked, (query) => allows(rules, query), millis);
    console.log(`  ${ours.toFixed(0)}/s, Cedar ${cedar.toFixed(0)}/s: ${(ours / cedar).toFixed(0)} times`);
    return ours / cedar;
  });
  return median(ratios);
}

/** The median of the rounds' rates. */
function measure<T>(questions: readonly T[], work: (question: T) => boolean, millis: number, rounds: number): number {
  const rates = Array.from({ length: rounds + 1 }, () => rateOf(questions, work, millis)).slice(1);
  return median(rates);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function rateOf<T>(questions: readonly T[], work: (question: T) => boolean, millis: number): number {
  const start = performance.now();
  let done = 0;
  let allowed = 0;
  while (performance.now() - start < millis) {
    for (let at = 0; at < 50; at += 1) {
      if (work(questions[done % questions.length] as T)) allowed += 1;
      done += 1;
    }
  }
  if (allowed === 0) throw new Error('nothing was allowed');
  return done / ((performance.now() - start) / 1000);
}

/** What this process holds, in and beside its heap, after a full collection. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function report(cedar: number, million: number, bytes: number): void {
  console.log(`times Cedar: ${cedar.toFixed(0)}, goal >= ${goals.cedar}: ${cedar >= goals.cedar ? 'met' : 'missed'}`);
  console.log(
    `1 million of 1 thousand: ${million.toFixed(2)}, goal >= ${goals.million}: ${million >= goals.million ? 'met' : 'missed'}`,
  );
  console.log(
    `bytes an assignment: ${bytes.toFixed(0)}, goal <= ${goals.bytes}: ${bytes <= goals.bytes ? 'met' : 'missed'}`,
  );
  const least = Math.min(cedar / goals.cedar, million / goals.million, goals.bytes / bytes);
  const all = `${cedar.toFixed(0)}x Cedar, ${million.toFixed(2)} at 1 million, ${bytes.toFixed(0)} bytes`;
  console.log(`rbac ratio=${least.toFixed(2)} goal=1.00 (the least of three, each by its own goal: ${all})`);
}
