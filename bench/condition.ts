// Decisions a second with a condition of three clauses on each role assignment, another one on each, against the same assignments
// without: 100 thousand assignments, and the same questions of both, a third of which a condition refuses.

import { AccessRules } from '../src/core/rbac/access-rules.ts';
import { loadConditionLanguage } from '../src/core/rbac/condition/language.ts';
import { type AccessQuestion, decide } from '../src/core/rbac/decide.ts';
import type { RoleAssignment } from '../src/core/rbac/role-assignment.ts';
import type { RoleDefinition } from '../src/core/rbac/role-definition.ts';
import type { EpochMillis } from '../src/core/time.ts';
import { median } from './http/pairs.ts';
import { callerOf, type Draw, drawFrom, makeAssignment, makeRoles, queryOf } from './rbac/world.ts';

const goal = 0.3;
const size = 100_000;
const users = 1_000;
const now = Date.UTC(2026, 10, 24, 12) as EpochMillis;

/** Measures in turns; the median of the rounds' ratios counts. */
export async function run({ short }: { readonly short: boolean }): Promise<void> {
  await loadConditionLanguage();
  const { plain, conditional, questions } = makeWorld(short ? 4_000 : 20_000);
  const [rounds, millis] = short ? [3, 300] : [7, 1_500];
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const [without, within] = [rateOf(plain, questions, millis), rateOf(conditional, questions, millis)];
    // The first round warms up.
    if (round === 0) continue;
    ratios.push(within / without);
    console.log(
      `without ${without.toFixed(0)}/s  with conditions ${within.toFixed(0)}/s  ratio ${(within / without).toFixed(2)}`,
    );
  }
  console.log(`condition ratio=${median(ratios).toFixed(2)} goal=${goal.toFixed(2)}`);
}

interface World {
  readonly plain: AccessRules;
  readonly conditional: AccessRules;
  readonly questions: readonly AccessQuestion[];
}

function makeWorld(wanted: number): World {
  const draw = drawFrom(0x51ed270b);
  const roles = makeRoles(draw);
  const [plain, conditional] = [new AccessRules(roles), new AccessRules(roles)];
  for (let at = 0; at < size; at += 1) {
    const assignment = makeAssignment(at, size, roles, draw);
    plain.assignments.put(assignment);
    conditional.assignments.put({ ...assignment, condition: conditionFor(assignment) });
  }
  return { plain, conditional, questions: makeQuestions(plain, conditional, roles, draw, wanted) };
}

/** Of three questions one is allowed under conditions, one is refused by them alone, and one by the roles already. */
function makeQuestions(
  plain: AccessRules,
  conditional: AccessRules,
  roles: readonly RoleDefinition[],
  draw: Draw,
  wanted: number,
): readonly AccessQuestion[] {
  const byId = new Map(roles.map((role) => [role.id, role]));
  const callers = new Map<string, readonly string[]>();
  const expected = ['true true', 'true false', 'false false'];
  const questions: AccessQuestion[] = [];
  while (questions.length < wanted) {
    const kind = questions.length % 3;
    const assignment = plain.assignments.at(draw(size));
    const principals = callerOf(
      kind === 2 ? plain.assignments.at(draw(size)).principalId : assignment.principalId,
      callers,
    );
    const userName = kind === 1 ? 'nobody' : userOf(assignment);
    const facts = { now, actor: { userName, uid: 1000 }, machineResourceId: machineOf(assignment) };
    const question = { ...queryOf(assignment, byId, draw, callers), principals, facts };
    const answers = [plain, conditional].map((rules) => decide(rules, question).allowed).join(' ');
    if (answers === expected[kind]) questions.push(question);
  }
  return questions;
}

/** As a grant to one user of one machine until a time is written. */
function conditionFor(assignment: RoleAssignment): string {
  return [
    `@Principal[Postern/actor:userName] StringEquals '${userOf(assignment)}'`,
    `@Environment[Postern/machine:resourceId] StringEqualsIgnoreCase '${machineOf(assignment)}'`,
    `@Environment[UtcNow] DateTimeLessThan '2030-01-01T00:00:${String(numberOf(assignment) % 60).padStart(2, '0')}Z'`,
  ].join(' AND ');
}

function userOf(assignment: RoleAssignment): string {
  return `user-${numberOf(assignment) % users}`;
}

function machineOf(assignment: RoleAssignment): string {
  const group = '/subscriptions/30000000-0000-4000-8000-000000000001/resourceGroups/machines';
  return `${group}/providers/Microsoft.Compute/virtualMachines/machine-${numberOf(assignment)}`;
}

function numberOf({ id }: RoleAssignment): number {
  return Number.parseInt(id.slice(-12), 16);
}

function rateOf(rules: AccessRules, questions: readonly AccessQuestion[], millis: number): number {
  const start = performance.now();
  let done = 0;
  let allowed = 0;
  while (performance.now() - start < millis) {
    for (let at = 0; at < 50; at += 1) {
      if (decide(rules, questions[done % questions.length] as AccessQuestion).allowed) allowed += 1;
      done += 1;
    }
  }
  if (allowed === 0) throw new Error('nothing was allowed');
  return done / ((performance.now() - start) / 1000);
}
