import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';

const levels = ['CanNotDelete', 'ReadOnly'] as const;
const longestNotes = 512;

/**
 * Reads a PUT of a lock: its properties as they are kept. Refuses a name of more than 260 characters or with one of
 * `<>%&:\\?/`, an unknown level, notes of more than 512 characters, and owners that are no application ids.
 * @see Microsoft.Authorization locks swagger 2020-05-01, ManagementLockProperties
 */
export function parseLockRequest(name: string, body: Json | undefined): JsonObject | Refusal {
  if (name.length > 260 || /[<>%&:\\?/\p{Cc}]/u.test(name)) {
    return invalid(
      `The lock name '${name}' must have at most 260 characters, none of them '<>%&:\\?/' or a control character.`,
    );
  }
  const properties = isJsonObject(body) ? body['properties'] : undefined;
  if (!isJsonObject(properties))
    return invalid("The request content must be an object with the property 'properties'.");
  const { notes, owners } = properties;
  const level = levels.find((one) => one.toLowerCase() === String(properties['level']).toLowerCase());
  if (level === undefined) {
    return invalid(
      `The lock level '${String(properties['level'] ?? '')}' is not valid. It must be '${levels.join("' or '")}'.`,
    );
  }
  if (isGiven(notes) && (typeof notes !== 'string' || notes.length > longestNotes)) {
    return invalid(`The notes of a lock must be a text of at most ${longestNotes} characters.`);
  }
  if (isGiven(owners) && !areOwners(owners)) return invalid("The owners of a lock must be a list of 'applicationId's.");
  return { level, ...(isGiven(notes) ? { notes } : {}), ...(isGiven(owners) ? { owners } : {}) };
}

function isGiven(value: Json | undefined): value is Json {
  return value !== undefined && value !== null;
}

function areOwners(value: Json): boolean {
  return Array.isArray(value) && value.every((one) => isJsonObject(one) && typeof one['applicationId'] === 'string');
}

function invalid(message: string): Refusal {
  return refuse('InvalidRequestContent', message);
}
