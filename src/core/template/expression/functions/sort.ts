import type { Json } from '../../../json.ts';
import { type Evaluated, isValue } from '../evaluated.ts';
import { type Applied, type Lambda, missing, unlessWrong } from '../lambda-form.ts';

/** Merge sort, as the lambda may fail at any comparison; elements that are equal keep their order. */
export const sort: Applied = ([from], [before = missing]) => {
  const elements = Array.isArray(from) ? (from as readonly Json[]) : [];
  if (elements.length < 2) return { value: elements };
  const middle = elements.length >> 1;
  const left = sort([elements.slice(0, middle)], [before]);
  if (!isValue(left)) return left;
  const right = sort([elements.slice(middle)], [before]);
  return isValue(right) ? mergeSorted(left.value as readonly Json[], right.value as readonly Json[], before) : right;
};

function mergeSorted(left: readonly Json[], right: readonly Json[], before: Lambda): Evaluated {
  const merged: Json[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    const decided = before(right[j] ?? null, left[i] ?? null);
    if (!isValue(decided)) return decided;
    if (typeof decided.value !== 'boolean') return unlessWrong('sort', 'Boolean', [decided.value]) ?? decided;
    merged.push((decided.value ? right[j++] : left[i++]) ?? null);
  }
  return { value: [...merged, ...left.slice(i), ...right.slice(j)] };
}
