import type { AskedAction } from '../asked-action.ts';
import { absent, readerOf } from './attribute-value.ts';
import { compileCondition } from './compile.ts';
import { formatAttribute, formatCondition } from './format.ts';
import { parseCondition } from './parse.ts';
import { type AttributeNode, type Expression, isFlaw } from './syntax.ts';

/** Says, for the operator, which clause of a condition keeps it from holding, and which attributes it misses. */
export function describeUnmet(condition: string, asked: AskedAction): string {
  const expression = parseCondition(condition);
  if (isFlaw(expression)) return `it cannot be read: ${condition}`;
  const clause = unmetClause(expression, asked);
  const shown = formatCondition(clause);
  if (compileCondition(clause)(asked) === false) return `${shown} is false`;
  const missing = [
    ...new Set(
      attributesOf(clause)
        .filter((one) => isMissing(one, asked))
        .map(formatAttribute),
    ),
  ];
  return `${shown} cannot be evaluated${missing.length === 0 ? '' : `: ${missing.join(' and ')} is not known`}`;
}

/** The first part of an AND that does not hold, and the part of an OR that is no exception for other actions. */
function unmetClause(expression: Expression, asked: AskedAction): Expression {
  if (expression.kind === 'and') {
    const unmet = expression.parts.find((part) => compileCondition(part)(asked) !== true);
    return unmet === undefined ? expression : unmetClause(unmet, asked);
  }
  if (expression.kind !== 'or') return expression;
  const [clause, ...others] = expression.parts.filter((part) => attributesOf(part).length > 0);
  return clause === undefined || others.length > 0 ? expression : unmetClause(clause, asked);
}

function attributesOf(expression: Expression): readonly AttributeNode[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.parts.flatMap(attributesOf);
    case 'not':
      return attributesOf(expression.part);
    case 'exists':
      return [expression.attribute];
    case 'compare':
      return [expression.left, expression.right].filter((side) => side.kind === 'attribute');
    default:
      return [];
  }
}

function isMissing(attribute: AttributeNode, { facts }: AskedAction): boolean {
  const value = readerOf(attribute)(facts);
  return value === undefined || value === absent;
}
