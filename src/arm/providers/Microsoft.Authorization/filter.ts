import { type Refusal, refuse } from '../../../core/refusal.ts';

/** One term of a `$filter`: `atScope()`, `assignedTo('oid')`, `principalId eq 'oid'`. Its name is folded. */
export interface FilterTerm {
  readonly name: string;
  readonly value?: string;
}

const term =
  /\s*(?<name>\w+)\s*(?:\(\s*(?:'(?<argument>(?:[^']|'')*)')?\s*\)|\s+eq\s+(?:'(?<quoted>(?:[^']|'')*)'|(?<bare>[^\s'()]+)))\s*(?<and>and\s|$)/iy;

/**
 * Parses a `$filter` of Microsoft.Authorization: terms joined by `and`, quotes doubled inside a value. `forms` are those that are
 * known, as they are written: `atScope()`, `assignedTo('objectId')`, `principalId eq 'objectId'`. Refuses
 * `InvalidFilterInQueryString` for any other.
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
export function parseFilter(text: string | undefined, forms: readonly string[]): readonly FilterTerm[] | Refusal {
  const terms: FilterTerm[] = [];
  const rest = (text ?? '').trim();
  const reader = new RegExp(term);
  while (reader.lastIndex < rest.length) {
    const groups = reader.exec(rest)?.groups;
    const written = groups && parseTerm(groups);
    if (written === undefined || !forms.some((form) => isOfForm(written, form))) return unsupported(rest, forms);
    if (groups?.['and'] !== '' && reader.lastIndex >= rest.length) return unsupported(rest, forms);
    const { name, value } = written;
    terms.push(value === undefined ? { name } : { name, value });
  }
  return terms;
}

interface WrittenTerm extends FilterTerm {
  /** `name eq value`, and not `name('value')`. */
  readonly compares: boolean;
}

function parseTerm({ name = '', argument, quoted, bare }: Readonly<Record<string, string>>): WrittenTerm {
  const compared = quoted ?? bare;
  const value = (argument ?? compared)?.replaceAll("''", "'");
  return { name: name.toLowerCase(), compares: compared !== undefined, ...(value === undefined ? {} : { value }) };
}

function isOfForm({ name, value, compares }: WrittenTerm, form: string): boolean {
  const [word = ''] = form.toLowerCase().split(/[ (]/, 1);
  return name === word && compares === form.includes(' eq ') && (value !== undefined) === form.includes("'");
}

/** The value of the term with this name (folded), if the filter has it. */
export function termValue(terms: readonly FilterTerm[], name: string): string | undefined {
  return terms.find((one) => one.name === name)?.value;
}

function unsupported(text: string, forms: readonly string[]): Refusal {
  const supported = `It may be made of these, with 'and' between two: ${forms.join(', ')}.`;
  return refuse('InvalidFilterInQueryString', `The filter '${text}' is not supported. ${supported}`);
}
