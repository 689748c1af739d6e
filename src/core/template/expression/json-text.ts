import type { Json } from '../../json.ts';

/**
 * Parses JSON as Azure's parser takes it (Newtonsoft's): also with single quotes, bare names, comments, trailing commas and line
 * breaks in texts, as Azure's own examples have them. Undefined where it is not even that.
 */
export function parseJson(text: string): { readonly value: Json } | undefined {
  return parseStrict(text) ?? parseStrict(text.replace(lenient, strictly));
}

function parseStrict(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return undefined;
  }
}

/** What strict JSON writes differently. Each alternative takes all that it begins to read, so that the time is linear. */
const lenient =
  /"(?:[^"\\]|\\[\s\S])*"|'((?:[^'\\]|\\[\s\S])*)'|["'][\s\S]*$|\/\/[^\n]*|\/\*(?:[\s\S]*?\*\/|[\s\S]*$)|\b([A-Za-z_$][\w$]*)\b(?=\s*:)|,(?=\s*[}\]])/g;

function strictly(found: string, single: string | undefined, name: string | undefined): string {
  if (name !== undefined) return JSON.stringify(name);
  if (single !== undefined) return quoted(single.replace(/\\'|"/g, (mark) => (mark === '"' ? '\\"' : "'")));
  return found.startsWith('"') && found.endsWith('"') ? quoted(found.slice(1, -1)) : ' ';
}

/** The inside of a text, with line breaks and tabs escaped. */
function quoted(inside: string): string {
  return `"${inside.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
}
