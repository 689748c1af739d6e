import { isGuid } from '../guid.ts';
import { attributeNames, attributeType } from './attributes.ts';
import type { Literal } from './literal.ts';
import type { AttributeNode, Flaw, LiteralNode, Operand } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

/** Reads one side of a comparison: an attribute, a value, or values in braces. */
export function readOperand(reader: TokenReader): Operand | Flaw {
  if (reader.token?.kind === 'attribute') return readAttribute(reader);
  if (reader.isMark('{')) return readSet(reader);
  const value = readLiteral(reader);
  return typeof value === 'object' ? value : { kind: 'literal', values: [value] };
}

/** Reads an attribute. Its source must have it. */
export function readAttribute(reader: TokenReader): AttributeNode | Flaw {
  const { token } = reader;
  if (token?.kind !== 'attribute') return reader.expected('an attribute');
  const { source, name } = token;
  if (attributeType({ source, name }) === undefined) {
    const allowed = attributeNames(source).join(', ');
    return reader.flaw(`there is no attribute @${source}[${name}]; those of this source are ${allowed}.`);
  }
  reader.advance();
  return { kind: 'attribute', source, name };
}

function readSet(reader: TokenReader): LiteralNode | Flaw {
  reader.advance();
  const values: Literal[] = [];
  for (;;) {
    const value = readLiteral(reader);
    if (typeof value === 'object') return value;
    values.push(value);
    if (reader.isMark('}')) break;
    if (!reader.isMark(',')) return reader.expected("',' or '}'");
    reader.advance();
  }
  reader.advance();
  return { kind: 'literal', values };
}

function readLiteral(reader: TokenReader): Literal | Flaw {
  const { token } = reader;
  if (token?.kind !== 'text' && token?.kind !== 'word') return reader.expected('an attribute or a value');
  const value = token.kind === 'text' ? token.text : literalOf(token.word);
  if (value === undefined) {
    return reader.expected('an attribute, a text in quotes, an integer, a GUID, true or false');
  }
  reader.advance();
  return value;
}

function literalOf(word: string): Literal | undefined {
  if (/^(true|false)$/i.test(word)) return word.toLowerCase() === 'true';
  if (/^-?\d{1,16}$/.test(word) && Number.isSafeInteger(Number(word))) return Number(word);
  return isGuid(word) ? word : undefined;
}
