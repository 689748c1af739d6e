import { attributeType } from './attributes.ts';
import { findOperator, type Operator, operatorNames } from './operators.ts';
import { readOperand } from './read-operand.ts';
import { type Expression, type Flaw, isFlaw, type LiteralNode, type Operand, type Quantifier } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

const quantifiers = ['ForAnyOfAnyValues', 'ForAllOfAnyValues', 'ForAnyOfAllValues', 'ForAllOfAllValues'] as const;

interface Relation {
  readonly operator: Operator;
  readonly quantifier?: Quantifier;
}

/** Reads `{operand} {operator} {operand}`. Both sides must be of the operator's type. */
export function readComparison(reader: TokenReader): Expression | Flaw {
  const left = readSide(reader, undefined, 'left');
  if (isFlaw(left)) return left;
  const relation = readRelation(reader);
  if (isFlaw(relation)) return relation;
  const wrongLeft = mismatch(left, relation, 'left');
  if (wrongLeft !== undefined) return reader.flaw(wrongLeft);
  reader.advance();
  const right = readSide(reader, relation, 'right');
  return isFlaw(right) ? right : { kind: 'compare', left, ...relation, right };
}

/** The right side is judged before it is passed, so that a flaw names where it begins. */
function readSide(reader: TokenReader, relation: Relation | undefined, side: 'left' | 'right'): Operand | Flaw {
  const begin = reader.flaw('');
  const operand = readOperand(reader);
  if (isFlaw(operand) || relation === undefined) return operand;
  const wrong = mismatch(operand, relation, side);
  return wrong === undefined ? operand : { ...begin, flaw: wrong };
}

function readRelation(reader: TokenReader): Relation | Flaw {
  const { token } = reader;
  if (token?.kind !== 'word') return reader.expected('an operator such as StringEquals');
  const [name = '', quantified] = token.word.split(':').toReversed();
  const quantifier = quantifiers.find((one) => one.toLowerCase() === quantified?.toLowerCase());
  const operator = findOperator(name);
  if (operator === undefined || token.word.split(':').length > 2 || (quantified !== undefined && !quantifier)) {
    const allowed = `${operatorNames().join(', ')}, and behind ${quantifiers.map((one) => `${one}:`).join(', ')}`;
    return reader.flaw(
      `there is no operator '${token.word.slice(0, 80)}'; there are ${allowed} those that compare texts, numbers and GUIDs.`,
    );
  }
  if (quantifier === undefined) return { operator };
  if (operator.takesSeveral) return { operator, quantifier };
  return reader.flaw(`${operator.name} cannot stand behind ${quantifier}: it compares one value with one.`);
}

function mismatch(operand: Operand, { operator, quantifier }: Relation, side: 'left' | 'right'): string | undefined {
  if (operand.kind === 'literal') return literalMismatch(operand, operator, quantifier, side);
  if (side === 'right' && operator.takesPattern) return `the pattern of ${operator.name} must be a text in quotes.`;
  const type = attributeType(operand) ?? 'Any';
  const fits = type === 'Any' || type === operator.family || isTextual(type, operator);
  const shown = `@${operand.source}[${operand.name}]`;
  return fits ? undefined : `${operator.name} cannot compare ${shown}, whose values are of the type ${type}.`;
}

/** A GUID is a text as well, and a text may be a GUID. */
function isTextual(type: string, operator: Operator): boolean {
  const textual = ['Guid', 'String'];
  return textual.includes(type) && textual.includes(operator.family);
}

function literalMismatch(
  { values }: LiteralNode,
  operator: Operator,
  quantifier: Quantifier | undefined,
  side: 'left' | 'right',
): string | undefined {
  if (quantifier === undefined && values.length > 1) {
    return `${operator.name} compares one value with one: several need ForAnyOfAnyValues:${operator.name} or its like.`;
  }
  const ready = side === 'left' ? operator.ready : operator.readyRight;
  const wrong = values.find((value) => ready(value) === undefined);
  if (wrong === undefined) return undefined;
  return `${operator.name} cannot compare the value '${String(wrong).slice(0, 80)}': it compares ${wants[operator.family]}.`;
}

const wants = {
  Bool: 'true and false',
  DateTime: "times such as '2026-11-24T09:00:00.0Z'",
  Guid: 'GUIDs',
  Numeric: 'integers',
  String: 'texts in quotes',
} as const;
