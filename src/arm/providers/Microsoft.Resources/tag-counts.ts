import { isJsonObject, type JsonObject } from '../../../core/json.ts';

/** The names and values of tags, predefined or in use, and how many resources have each. */
export interface TagCounts {
  /** In alphabetical order, without regard to case. */
  names(): readonly string[];
  valuesOf(name: string): readonly string[];
  /** How many resources have the tag, or have it with this value. */
  uses(name: string, value?: string): number;
}

interface Counted {
  readonly spelling: string;
  uses: number;
  readonly values: Map<string, { uses: number }>;
}

/** Counts the tags of resources, beside what is predefined (`tagName`, `tagValue`). */
export function countTags(resources: readonly JsonObject[], predefined: readonly JsonObject[]): TagCounts {
  const byName = new Map<string, Counted>();
  const entryOf = (name: string): Counted => {
    const entry = byName.get(name.toLowerCase()) ?? { spelling: name, uses: 0, values: new Map() };
    byName.set(name.toLowerCase(), entry);
    return entry;
  };
  const valueIn = (entry: Counted, value: string) => {
    const counted = entry.values.get(value) ?? { uses: 0 };
    entry.values.set(value, counted);
    return counted;
  };
  for (const { tagName, tagValue } of predefined) {
    const entry = entryOf(String(tagName));
    if (typeof tagValue === 'string') valueIn(entry, tagValue);
  }
  for (const { tags } of resources) {
    for (const [name, value] of Object.entries(isJsonObject(tags) ? tags : {})) {
      const entry = entryOf(name);
      entry.uses += 1;
      valueIn(entry, String(value)).uses += 1;
    }
  }
  return {
    names: () => [...byName].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, { spelling }]) => spelling),
    valuesOf: (name) => [...(byName.get(name.toLowerCase())?.values.keys() ?? [])].toSorted(),
    uses: (name, value) => {
      const entry = byName.get(name.toLowerCase());
      return (value === undefined ? entry?.uses : entry?.values.get(value)?.uses) ?? 0;
    },
  };
}

/** @see Microsoft.Resources swagger 2024-11-01, TagDetails */
export function formatTagName(id: string, name: string, counts: TagCounts): JsonObject {
  return {
    id,
    tagName: name,
    count: formatCount(counts.uses(name)),
    values: counts.valuesOf(name).map((value) => formatTagValue(id, name, value, counts)),
  };
}

/** @see Microsoft.Resources swagger 2024-11-01, TagValue */
export function formatTagValue(nameId: string, name: string, value: string, counts: TagCounts): JsonObject {
  return { id: `${nameId}/tagValues/${value}`, tagValue: value, count: formatCount(counts.uses(name, value)) };
}

function formatCount(value: number): JsonObject {
  return { type: 'Total', value };
}
