import { isJsonObject, type Json } from '../../../../core/json.ts';
import { isGuid } from '../../../../core/rbac/guid.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import { parseDuration } from '../../../../core/schedules/duration.ts';
import { type ActivationRule, defaultMaximumMillis } from '../../../../core/schedules/schedule.ts';

const names = ['machineUsersOnly', 'userNames', 'approvalRequired', 'approvers', 'maximumDuration'];

/** Reads how an eligibility may be activated (`posternActivation`, our own). Refuses `InvalidRequestContent`. */
export function parseActivation(value: Json | undefined): ActivationRule | Refusal {
  const given = value ?? {};
  if (!isJsonObject(given)) return invalid('it must be an object');
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) return invalid(`it has no '${unknown}'; it has ${names.join(', ')}`);
  const { machineUsersOnly = false, userNames, approvalRequired = false, approvers = [], maximumDuration } = given;
  if (typeof machineUsersOnly !== 'boolean' || typeof approvalRequired !== 'boolean') {
    return invalid('machineUsersOnly and approvalRequired are true or false');
  }
  if (userNames !== undefined && !isTexts(userNames)) return invalid('userNames must be a list of user names');
  if (!isTexts(approvers) || !approvers.every(isGuid)) return invalid('approvers must be a list of object ids');
  const maximumMillis =
    maximumDuration === undefined
      ? defaultMaximumMillis
      : typeof maximumDuration === 'string' && parseDuration(maximumDuration);
  if (typeof maximumMillis !== 'number') return invalid("maximumDuration must be an ISO 8601 duration such as 'PT8H'");
  return {
    machineUsersOnly: machineUsersOnly || userNames !== undefined,
    ...(userNames === undefined ? {} : { userNames }),
    approvalRequired: approvalRequired || approvers.length > 0,
    approvers: approvers.map((id) => id.toLowerCase()),
    maximumMillis,
  };
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function invalid(why: string): Refusal {
  return refuse('InvalidRequestContent', `The property 'posternActivation' is not valid: ${why}.`);
}
