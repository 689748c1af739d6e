import { type Refusal, refuse } from '../../../core/refusal.ts';

/** One term of a `$filter`: `atScope()`, `assignedTo('oid')`, `principalId eq 'oid'`. Its name is folded. */
export interface FilterTerm {
  readonly name: string;
  readonly value?: string;
}

const term =
  /\s*(?<name>\w+)\s*(?:\(\s*(?:'(?<argument>(?:[^']|'')*)')?\s*\)|\s+eq\s+(?:'(?<quoted>(?:[^']|'')*)'|(?<bare>[^\s'()]+)))\s*(?<and>and\s|$)/iy;

/**
 * Parses a `$filter` of Microsoft.Authorization: terms joined by `and`, quotes doubled inside a value. Refuses
 * `InvalidFilterInQueryString` for any other form and for a term that is not among `known` (folded).
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
export function parseFilter(text: string | undefined, known: readonly string[]): readonly FilterTerm[] | Refusal {
  const terms: FilterTerm[] = [];
  const rest = (text ?? '').trim();
  const reader = new RegExp(term);
  while (reader.lastIndex < rest.length) {
    const groups = reader.exec(rest)?.groups;
    const name = groups?.['name']?.toLowerCase();
    if (name === undefined || !known.includes(name)) return unsupported(rest);
    if (groups?.['and'] !== '' && reader.lastIndex >= rest.length) return unsupported(rest);
    const value = groups?.['argument'] ?? groups?.['quoted'] ?? groups?.['bare'];
    terms.push(value === undefined ? { name } : { name, value: value.replaceAll("''", "'") });
  }
  return terms;
}

/** The value of the term with this name (folded), if the filter has it. */
export function termValue(terms: readonly FilterTerm[], name: string): string | undefined {
  return terms.find((one) => one.name === name)?.value;
}

function unsupported(text: string): Refusal {
  return refuse('InvalidFilterInQueryString', `The filter '${text}' is not supported.`);
}
