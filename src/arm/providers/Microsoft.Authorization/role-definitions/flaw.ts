import type { ErrorCode } from '../../../../core/errors.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';

/** Refuses a role definition for one of its properties, such as `permissions[0].actions[2]`. */
export function flaw(code: ErrorCode, property: string, message: string): Refusal {
  return refuse(code, `The property '${property}' of the role definition is not valid: ${message}`, {
    target: property,
  });
}
