import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { judgeRuleName, wrong } from './access-names.ts';

/** The most entries that each list of a profile's rules may have. */
export const mostEntries = 20_000;

/** One entry of a list of rules, with the path by which refusals name it. */
export interface RuleEntry {
  readonly target: string;
  readonly fields: JsonObject;
}

/** The entries of one list of a profile's rules; none where it is not there. Refuses unknown fields: they would be left unheeded. */
export function parseEntries(
  rules: JsonObject,
  list: string,
  known: readonly string[],
): readonly RuleEntry[] | Refusal {
  const value = rules[list] ?? [];
  const target = `properties.rules.${list}`;
  if (!Array.isArray(value)) return malformed(target, 'an array');
  if (value.length > mostEntries) {
    return wrong(target, String(value.length), `a list of rules has at most ${mostEntries} entries`);
  }
  const entries: RuleEntry[] = [];
  for (const [at, fields] of value.entries()) {
    const itsTarget = `${target}[${at}]`;
    if (!isJsonObject(fields)) return malformed(itsTarget, 'an object');
    const unknown = Object.keys(fields).find((name) => !known.includes(name));
    if (unknown !== undefined) return wrong(itsTarget, unknown, `its fields are ${known.join(', ')}`);
    entries.push({ target: itsTarget, fields });
  }
  return entries;
}

/** The entries by the names that they have in `field`. Refuses a missing name and one that occurs twice. */
export function byName<Parsed>(
  entries: readonly RuleEntry[],
  parse: (name: string, entry: RuleEntry) => Parsed | Refusal,
): ReadonlyMap<string, Parsed> | Refusal {
  const parsed = new Map<string, Parsed>();
  for (const entry of entries) {
    const name = parseText(entry, 'name');
    if (isRefusal(name)) return name;
    const target = `${entry.target}.name`;
    const faulty = judgeRuleName(name, target);
    if (faulty !== undefined) return faulty;
    if (parsed.has(name)) return wrong(target, name, 'an earlier entry of the list has this name');
    const value = parse(name, entry);
    if (isRefusal(value)) return value;
    parsed.set(name, value);
  }
  return parsed;
}

/** A field that must be text. */
export function parseText({ fields, target }: RuleEntry, field: string): string | Refusal {
  const value = fields[field] ?? undefined;
  return typeof value === 'string' ? value : malformed(`${target}.${field}`, 'a string');
}

/** A list of names, each of which must be known and occurs once. Refuses an empty list: a rule that names nothing does nothing. */
export function parseNames<Named>(
  { fields, target }: RuleEntry,
  field: string,
  known: ReadonlyMap<string, Named>,
  kind: string,
): readonly Named[] | Refusal {
  const value: Json = fields[field] ?? [];
  const itsTarget = `${target}.${field}`;
  if (!Array.isArray(value)) return malformed(itsTarget, 'an array of names');
  if (value.length === 0) return wrong(itsTarget, '[]', `it names nothing. Name at least one ${kind}`);
  const named = new Map<string, Named>();
  for (const [at, name] of value.entries()) {
    if (typeof name !== 'string') return malformed(`${itsTarget}[${at}]`, 'a string');
    const found = known.get(name);
    if (found === undefined) return wrong(`${itsTarget}[${at}]`, name, `the profile has no ${kind} of this name`);
    if (named.has(name)) return wrong(`${itsTarget}[${at}]`, name, 'it is named twice');
    named.set(name, found);
  }
  return [...named.values()];
}

/** 400 for a body that is not of its form. */
export function malformed(target: string, expected: string): Refusal {
  return refuse('InvalidParameter', `The value of '${target}' is not valid: it must be ${expected}.`, { target });
}
