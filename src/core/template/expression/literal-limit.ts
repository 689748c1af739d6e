import { type Fault, fault } from './define.ts';

/** The longest text that a function joins together, in characters. @see Microsoft's Azure.Deployments.Expression, `TemplateLiteralLimitExceeded` */
export const longestLiteral = 131_072;

/** Refuses a text of this length before it is made. */
export function tooLong(length: number): Fault | undefined {
  return length > longestLiteral
    ? fault(`the literal limit is exceeded. Limit: '${longestLiteral}' and actual: '${length}'`)
    : undefined;
}

/** Joins texts, within the limit. */
export function joined(parts: readonly string[], between = ''): string | Fault {
  const length = parts.reduce((sum, part) => sum + part.length, 0) + between.length * Math.max(0, parts.length - 1);
  return tooLong(length) ?? parts.join(between);
}
