import { readComparison } from './read-comparison.ts';
import { readAttribute } from './read-operand.ts';
import { type Expression, type Flaw, isFlaw } from './syntax.ts';
import { TokenReader } from './token-reader.ts';
import { tokenize } from './tokens.ts';

/** The longest condition, in characters: Azure's limit is 8 KB. */
export const maxConditionLength = 8192;

/** How deep parentheses and negations may be nested: far deeper than any that the portal writes. */
export const maxConditionDepth = 64;

/**
 * Parses a condition of version 2.0, in time that grows with its length alone. Answers the first flaw where it is not one, or
 * where it names an operator or an attribute that there is not.
 */
export function parseCondition(written: string): Expression | Flaw {
  if (written.length > maxConditionLength) {
    const flaw = `it has ${written.length} characters; at most ${maxConditionLength} are allowed.`;
    return { position: maxConditionLength + 1, flaw };
  }
  const tokens = tokenize(written);
  if ('flaw' in tokens) return tokens;
  const reader = new TokenReader(tokens, written.length + 1);
  const expression = readExpression(reader, 0);
  if (isFlaw(expression)) return expression;
  return reader.token === undefined ? expression : reader.expected('AND, OR or the end of the condition');
}

/** Terms between which all are AND, or all OR: which of the two goes first is nowhere laid down, so that parentheses must say it. */
function readExpression(reader: TokenReader, depth: number): Expression | Flaw {
  const first = readTerm(reader, depth);
  if (isFlaw(first)) return first;
  const parts = [first];
  let joined: 'AND' | 'OR' | undefined;
  for (;;) {
    const join = reader.isWord('AND') ? 'AND' : reader.isWord('OR') ? 'OR' : undefined;
    if (join === undefined) break;
    if (joined !== undefined && join !== joined) {
      return reader.flaw(`${join} follows ${joined} in the same expression: parentheses must say which goes first.`);
    }
    joined = join;
    reader.advance();
    const part = readTerm(reader, depth);
    if (isFlaw(part)) return part;
    parts.push(part);
  }
  return joined === undefined ? first : { kind: joined === 'AND' ? 'and' : 'or', parts };
}

function readTerm(reader: TokenReader, depth: number): Expression | Flaw {
  if (depth >= maxConditionDepth) {
    return reader.flaw(`expressions are nested deeper than ${maxConditionDepth}.`);
  }
  if (reader.isWord('NOT')) {
    reader.advance();
    const part = readTerm(reader, depth + 1);
    return isFlaw(part) ? part : { kind: 'not', part };
  }
  if (reader.isMark('(')) return readGroup(reader, depth);
  if (reader.isWord('ActionMatches')) return readFunction(reader, 'actionMatches');
  if (reader.isWord('SubOperationMatches')) return readFunction(reader, 'subOperationMatches');
  if (reader.isWord('Exists')) return readExists(reader);
  return unknownFunction(reader) ?? readComparison(reader);
}

/** A word before a bracket means a function. */
function unknownFunction(reader: TokenReader): Flaw | undefined {
  const { token, following } = reader;
  const isCalled = following?.kind === 'mark' && (following.mark === '{' || following.mark === '(');
  if (token?.kind !== 'word' || !isCalled) return undefined;
  const known = 'ActionMatches, SubOperationMatches and Exists';
  return reader.flaw(`there is no function '${token.word.slice(0, 80)}'; there are ${known}.`);
}

function readGroup(reader: TokenReader, depth: number): Expression | Flaw {
  reader.advance();
  const inner = readExpression(reader, depth + 1);
  if (isFlaw(inner)) return inner;
  if (!reader.isMark(')')) return reader.expected("AND, OR or ')'");
  reader.advance();
  return inner;
}

function readFunction(reader: TokenReader, kind: 'actionMatches' | 'subOperationMatches'): Expression | Flaw {
  reader.advance();
  if (!reader.isMark('{')) return reader.expected("'{' and a text in quotes");
  reader.advance();
  const { token } = reader;
  if (token?.kind !== 'text' || token.text.trim() === '') return reader.expected('a text in quotes');
  reader.advance();
  if (!reader.isMark('}')) return reader.expected("'}'");
  reader.advance();
  return { kind, pattern: token.text };
}

function readExists(reader: TokenReader): Expression | Flaw {
  reader.advance();
  const attribute = readAttribute(reader);
  return isFlaw(attribute) ? attribute : { kind: 'exists', attribute };
}
