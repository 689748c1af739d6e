import type { Json } from '../../core/json.ts';

/** What has been read of a text, from where on. */
interface Cursor {
  readonly text: string;
  at: number;
}

class NotJson extends Error {}

/**
 * Reads JSON as people write it and Azure takes it in templates: comments, names without quotes, single quotes, line breaks in
 * strings, a comma at the end. Undefined for what is none, or nests deeper than `levels`.
 * @see Azure CLI `command_modules/resource/custom.py`, JsonCTemplatePolicy: the key `template` is sent without quotes
 */
export function parseLenientJson(text: string, levels: number): Json | undefined {
  const cursor: Cursor = { text, at: 0 };
  try {
    const value = readValue(cursor, levels);
    skip(cursor);
    return cursor.at === text.length ? value : undefined;
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

function readValue(cursor: Cursor, levels: number): Json {
  skip(cursor);
  const next = cursor.text[cursor.at];
  if (next === '{') return readObject(cursor, deeper(levels));
  if (next === '[') return readArray(cursor, deeper(levels));
  return next === '"' || next === "'" ? readString(cursor, next) : readWord(cursor);
}

function deeper(levels: number): number {
  if (levels <= 0) throw new NotJson();
  return levels - 1;
}

const blank = /(?:[\s\uFEFF]+|\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)+/y;

/** Skips white space and comments. */
function skip(cursor: Cursor): void {
  blank.lastIndex = cursor.at;
  if (blank.test(cursor.text)) cursor.at = blank.lastIndex;
}

function take(cursor: Cursor, character: string): boolean {
  skip(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function need(cursor: Cursor, character: string): void {
  if (!take(cursor, character)) throw new NotJson();
}

function readObject(cursor: Cursor, levels: number): Json {
  need(cursor, '{');
  const members: [string, Json][] = [];
  while (!take(cursor, '}')) {
    const name = readName(cursor);
    need(cursor, ':');
    members.push([name, readValue(cursor, levels)]);
    if (take(cursor, ',')) continue;
    need(cursor, '}');
    break;
  }
  return Object.fromEntries(members);
}

function readArray(cursor: Cursor, levels: number): Json {
  need(cursor, '[');
  const items: Json[] = [];
  while (!take(cursor, ']')) {
    items.push(readValue(cursor, levels));
    if (take(cursor, ',')) continue;
    need(cursor, ']');
    break;
  }
  return items;
}

const bareName = /[A-Za-z_$][\w$]*/y;

function readName(cursor: Cursor): string {
  skip(cursor);
  const next = cursor.text[cursor.at];
  return next === '"' || next === "'" ? readString(cursor, next) : readPattern(cursor, bareName);
}

const plain = { '"': /[^"\\]*/y, "'": /[^'\\]*/y };
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

function readString(cursor: Cursor, quote: '"' | "'"): string {
  cursor.at += 1;
  let read = '';
  for (;;) {
    read += readPattern(cursor, plain[quote]);
    const next = cursor.text[cursor.at];
    if (next === undefined) throw new NotJson();
    cursor.at += 1;
    if (next === quote) return read;
    read += readEscape(cursor);
  }
}

const hex = /[0-9a-fA-F]{4}/y;

function readEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.at] ?? '';
  cursor.at += 1;
  if (letter === 'u') return String.fromCharCode(Number.parseInt(readPattern(cursor, hex), 16));
  return escapes[letter] ?? letter;
}

const word = /[-+.\w]+/y;

/** A number or one of the three words. */
function readWord(cursor: Cursor): Json {
  const read = readPattern(cursor, word);
  try {
    return JSON.parse(read) as Json;
  } catch {
    throw new NotJson();
  }
}

function readPattern(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  if (found === undefined) throw new NotJson();
  cursor.at += found.length;
  return found;
}
