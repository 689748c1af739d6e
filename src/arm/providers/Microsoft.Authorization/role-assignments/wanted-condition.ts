import type { JsonObject } from '../../../../core/json.ts';
import { loadConditionLanguage } from '../../../../core/rbac/condition/language.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';

/** The condition that a body asks for, to be checked with `checkCondition`; undefined for none. */
export function parseWantedCondition({ condition, conditionVersion }: JsonObject): string | undefined | Refusal {
  if (condition === undefined || condition === null || condition === '') return undefined;
  if (typeof condition !== 'string') return invalid("The property 'condition' must be a text.");
  if ((conditionVersion ?? '2.0') !== '2.0') {
    return invalid(`The version '${String(conditionVersion).slice(0, 40)}' is not known; it must be '2.0'.`);
  }
  return condition;
}

/**
 * Whether a text is a condition of version 2.0. Refuses `InvalidRoleAssignmentCondition`: Azure's sentence, then what is wrong
 * and where. From then on the language is there, so that what is written is in force at once.
 */
export async function checkCondition(condition: string | undefined): Promise<Refusal | undefined> {
  if (condition === undefined) return undefined;
  const flaw = (await loadConditionLanguage()).findFlaw(condition);
  return flaw && invalid(`At position ${flaw.position}: ${flaw.flaw}`);
}

function invalid(why: string): Refusal {
  return refuse('InvalidRoleAssignmentCondition', `The given role assignment condition is invalid. ${why}`);
}
