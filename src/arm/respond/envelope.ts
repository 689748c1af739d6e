import { armErrors } from '../../core/errors/arm.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Refusal } from '../../core/refusal.ts';

/** ARM's error object: what `error` holds, in an answer and in an asynchronous operation's status. */
export function formatError({ refused, message, target, details }: Refusal): JsonObject {
  return {
    code: refused,
    message,
    ...(target === undefined ? {} : { target }),
    ...(details === undefined ? {} : { details: details as unknown as Json }),
  };
}

/** The HTTP status of a refusal; a code that is not ARM's is a bug and throws. */
export function statusOf({ refused }: Refusal): number {
  const status = (armErrors as Readonly<Record<string, number>>)[refused];
  if (status === undefined) throw new Error(`a provider refused with ${refused}, which is no Resource Manager code`);
  return status;
}
