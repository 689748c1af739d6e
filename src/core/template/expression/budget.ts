import type { Json } from '../../json.ts';
import { type Refusal, refuse } from '../../refusal.ts';

/**
 * What evaluation may still cost, counted down in place: one for each function called, each entry and each 64 characters that it makes.
 * INVARIANT: it never grows, so a template that calls itself into breadth (`map` in `map` in `map`) ends in a refusal.
 */
export interface Budget {
  left: number;
}

/** Far above what a template of 4 MB needs, and about a second of work. Our own: Azure's is not published. */
const wholeTemplate = 1_000_000;

/** The largest value, in characters of JSON. @see Azure Resource Manager, "Template limits": a final template of 4 MB */
export const maximumSize = 4_194_304;

/** How deep arrays and objects may lie in each other. Our own; it keeps whoever walks a value safe. */
export const maximumValueDepth = 128;

/** A budget for the evaluations of one template. */
export function templateBudget(left = wholeTemplate): Budget {
  return { left };
}

/** Takes what it costs to read a function's arguments; a refusal when that is too much. What is made of them is then not too large to make. */
export function chargeArguments(budget: Budget, args: readonly Json[]): Refusal | undefined {
  const size = args.reduce<number>((sum, arg) => sum + measure(arg, 0).size, 0);
  if (size > 4 * maximumSize)
    return tooMuch(`The parameters of a function exceed the limit of '${maximumSize}' characters.`);
  return spend(budget, 1 + (size >> 10));
}

/** Takes what a function's value costs; a refusal when nothing is left, or when the value is too large or too deep. */
export function chargeValue(budget: Budget, value: Json): Refusal | undefined {
  const { size, depth, entries } = measure(value, 0);
  if (depth > maximumValueDepth)
    return tooMuch(`A value is nested too deep: at most '${maximumValueDepth}' levels are supported.`);
  if (size > maximumSize) return tooMuch(`A value exceeds the limit of '${maximumSize}' characters.`);
  return spend(budget, 1 + entries);
}

function spend(budget: Budget, cost: number): Refusal | undefined {
  budget.left -= cost;
  return budget.left < 0 ? tooMuch('The template language expressions take too many steps to evaluate.') : undefined;
}

function tooMuch(message: string): Refusal {
  return refuse('InvalidTemplate', message);
}

/** A value's size in characters of JSON (roughly), its depth, and what its outermost level costs. */
interface Measure {
  readonly size: number;
  readonly depth: number;
  readonly entries: number;
}

/**
 * What has been measured. Values are shared: an array that holds one array twice is small in memory but doubles when it is written, so
 * sizes count it twice, and remembering them makes that cheap.
 */
const known = new WeakMap<object, Measure>();

function measure(value: Json, level: number): Measure {
  if (typeof value === 'string') return { size: value.length + 2, depth: 0, entries: value.length >> 6 };
  if (typeof value !== 'object' || value === null) return { size: 8, depth: 0, entries: 0 };
  if (level > maximumValueDepth) return { size: 0, depth: Number.POSITIVE_INFINITY, entries: 0 };
  const before = known.get(value);
  if (before !== undefined) return before;
  const measured = measureParts(value, level);
  if (Number.isFinite(measured.depth)) known.set(value, measured);
  return measured;
}

function measureParts(value: object, level: number): Measure {
  let [size, depth, entries] = [2, 0, 0];
  for (const [key, part] of Object.entries(value)) {
    const inner = measure(part, level + 1);
    size += key.length + inner.size;
    depth = Math.max(depth, inner.depth);
    entries += 1;
  }
  return { size, depth: depth + 1, entries };
}
