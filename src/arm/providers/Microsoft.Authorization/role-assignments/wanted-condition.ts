import type { JsonObject } from '../../../../core/json.ts';
import { parseCondition } from '../../../../core/rbac/condition/parse.ts';
import { isFlaw } from '../../../../core/rbac/condition/syntax.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';

/**
 * The condition that a body asks for, in the language of version 2.0; undefined for none. Refuses
 * `InvalidRoleAssignmentCondition`: Azure's sentence, then what is wrong and where.
 */
export function parseWantedCondition({ condition, conditionVersion }: JsonObject): string | undefined | Refusal {
  if (condition === undefined || condition === null || condition === '') return undefined;
  if (typeof condition !== 'string') return invalid("The property 'condition' must be a text.");
  if ((conditionVersion ?? '2.0') !== '2.0') {
    return invalid(`The version '${String(conditionVersion).slice(0, 40)}' is not known; it must be '2.0'.`);
  }
  const parsed = parseCondition(condition);
  return isFlaw(parsed) ? invalid(`At position ${parsed.position}: ${parsed.flaw}`) : condition;
}

function invalid(why: string): Refusal {
  return refuse('InvalidRoleAssignmentCondition', `The given role assignment condition is invalid. ${why}`);
}
