import { isGuid } from '../guid.ts';
import type { Literal } from './literal.ts';
import type { AttributeNode, Expression, Operand } from './syntax.ts';

/** Writes an expression as the language has it, each part of AND and OR in parentheses where it needs them. */
export function formatCondition(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.parts.map(formatPart).join(expression.kind === 'and' ? ' AND ' : ' OR ');
    case 'not':
      return `!(${formatCondition(expression.part)})`;
    case 'actionMatches':
      return `ActionMatches{${quote(expression.pattern)}}`;
    case 'subOperationMatches':
      return `SubOperationMatches{${quote(expression.pattern)}}`;
    case 'exists':
      return `Exists ${formatAttribute(expression.attribute)}`;
    case 'compare': {
      const { left, quantifier, operator, right } = expression;
      const relation = quantifier === undefined ? operator.name : `${quantifier}:${operator.name}`;
      return `${formatOperand(left)} ${relation} ${formatOperand(right)}`;
    }
  }
}

/** An attribute as the language writes it. */
export function formatAttribute({ source, name }: AttributeNode): string {
  return `@${source}[${name}]`;
}

/** A text as the language writes it: in quotes, with a backslash before quotes and backslashes. */
export function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

function formatPart(part: Expression): string {
  const text = formatCondition(part);
  return part.kind === 'and' || part.kind === 'or' ? `(${text})` : text;
}

function formatOperand(operand: Operand): string {
  if (operand.kind === 'attribute') return formatAttribute(operand);
  const values = operand.values.map(formatLiteral);
  return values.length === 1 ? values.join() : `{${values.join(', ')}}`;
}

function formatLiteral(value: Literal): string {
  return typeof value === 'string' && !isGuid(value) ? quote(value) : String(value);
}
