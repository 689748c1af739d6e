import type { Json } from '../../json.ts';
import { type Fault, fault } from './define.ts';
import { formatNumber } from './format-number.ts';
import { longestLiteral, tooLong } from './literal-limit.ts';

/** `{0}`, `{0,10}`, `{0:N2}`, and the doubled braces that stand for one. */
const placeholder = /\{\{|\}\}|\{(\d{1,6})(?:,(-?\d{1,4}))?(?::([^{}]*))?\}|[{}]/g;

/** .NET's composite format, as `format` gives it. @see Microsoft Learn, .NET, "Composite formatting" */
export function formatText(pattern: string, args: readonly Json[]): Json | Fault {
  let wrong: string | undefined;
  let made = 0;
  const formatted = pattern.replace(placeholder, (found: string, index?: string, width?: string, form?: string) => {
    if (found === '{{' || found === '}}') return found[0] ?? '';
    if (made > longestLiteral) return '';
    const arg = args[Number(index)];
    const text = arg === undefined ? undefined : formatValue(arg, form);
    if (text === undefined) wrong ??= whyNot(index, arg, form);
    const aligned = align(text ?? '', Number(width ?? 0));
    made += aligned.length;
    return aligned;
  });
  if (wrong !== undefined) return fault(`the format is invalid: '${wrong}'`);
  return tooLong(Math.max(made, formatted.length)) ?? formatted;
}

/** .NET's words for what is wrong with a placeholder. */
function whyNot(index: string | undefined, arg: Json | undefined, form: string | undefined): string {
  if (index === undefined) return 'Input string was not in a correct format.';
  if (arg !== undefined) return `Format specifier '${form}' was invalid.`;
  return 'Index (zero based) must be greater than or equal to zero and less than the size of the argument list.';
}

/** A value in a text: arrays and objects as JSON with single quotes, as Azure writes them. */
function formatValue(value: Json, form: string | undefined): string | undefined {
  if (value === null) return '';
  if (typeof value === 'number') return formatNumber(value, form ?? '');
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', "'");
}

function align(text: string, width: number): string {
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}
