import type { Refusal } from '../../core/refusal.ts';
import { refuseRequest } from './ask.ts';

/** How many values the lists of one object may have, all together. @see https://learn.microsoft.com/entra/identity-platform/reference-app-manifest */
export const maxValues = 1200;

/** Deeper than any property of a directory object. */
const deepest = 16;

/** Whether an object has grown beyond what the directory keeps. Refuses `Request_BadRequest`. */
export function refuseSize(object: object): Refusal | undefined {
  return countValues(object, 0) <= maxValues
    ? undefined
    : refuseRequest(
        `The size of the object has exceeded its limit of ${maxValues} values. Please reduce the number of values and retry your request.`,
      );
}

function countValues(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > deepest) return Number.POSITIVE_INFINITY;
  const own = Array.isArray(value) ? value.length : 0;
  return Object.values(value).reduce((count: number, one) => count + countValues(one, depth + 1), own);
}
