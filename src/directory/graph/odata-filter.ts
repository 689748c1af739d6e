/** What a `$filter` may ask of one object: its properties as Graph names them. */
export type Filterable = Readonly<Record<string, unknown>>;

/** A parsed `$filter`. */
export type Filter = (object: Filterable) => boolean;

/** A value in quotes; a quote inside is written twice (OData 4.01 URL conventions, section 5.1.1.6.1). */
const quoted = "'((?:[^']|'')*)'";

const name = '([a-z]+)';

/** The clauses of a `$filter` that clients send for directory objects; `and` joins them. Property names are caseless. */
const clauses: readonly { readonly form: RegExp; readonly toFilter: (property: string, value: string) => Filter }[] = [
  { form: new RegExp(`^${name}\\s+eq\\s+${quoted}$`, 'i'), toFilter: equals },
  { form: new RegExp(`^startswith\\(\\s*${name}\\s*,\\s*${quoted}\\s*\\)$`, 'i'), toFilter: startsWith },
  { form: new RegExp(`^${name}/any\\(\\s*([a-z]+)\\s*:\\s*\\2\\s+eq\\s+${quoted}\\s*\\)$`, 'i'), toFilter: anyEquals },
];

/**
 * Parses a `$filter`; undefined when it asks for more than these clauses or for a property that is not among `properties`.
 * Texts compare without regard to case, as Entra does.
 */
export function parseFilter(filter: string, properties: readonly string[]): Filter | undefined {
  const parts = splitByAnd(filter).map((part) => parseClause(part, properties));
  if (parts.some((part) => part === undefined)) return undefined;
  return (object) => parts.every((part) => part?.(object) === true);
}

function splitByAnd(filter: string): readonly string[] {
  return filter
    .trim()
    .split(/\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)/i)
    .map((part) => part.trim());
}

function parseClause(clause: string, properties: readonly string[]): Filter | undefined {
  for (const { form, toFilter } of clauses) {
    const match = form.exec(clause);
    const property = properties.find((one) => one.toLowerCase() === match?.[1]?.toLowerCase());
    if (match !== null && property !== undefined) return toFilter(property, fold(match.at(-1) ?? ''));
  }
  return undefined;
}

function fold(value: string): string {
  return value.replaceAll("''", "'").toLowerCase();
}

function equals(property: string, value: string): Filter {
  return (object) => String(object[property]).toLowerCase() === value;
}

function startsWith(property: string, value: string): Filter {
  return (object) => String(object[property]).toLowerCase().startsWith(value);
}

function anyEquals(property: string, value: string): Filter {
  return (object) => {
    const values = object[property];
    return Array.isArray(values) && values.some((one) => String(one).toLowerCase() === value);
  };
}
