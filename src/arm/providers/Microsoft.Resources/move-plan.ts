import type { Json, JsonObject } from '../../../core/json.ts';
import { isJsonObject } from '../../../core/json.ts';
import { type Document, documentKey, type Write } from '../../../core/ports/store.ts';
import { foldId } from '../../../core/resource-id.ts';

/**
 * The writes that bring a resource, with what lies below it, from one group into another: every id in the documents that
 * names one of the moved resources follows. Role assignments at and below it are dropped, as in Azure.
 */
export function planMove(
  documents: readonly Document[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly Write[] {
  return documents.flatMap(({ key, etag, body }): readonly Write[] => {
    const removal = { remove: key, when: { etag } } as const;
    if (key.includes('/providers/microsoft.authorization/roleassignments/')) return [removal];
    const moved = relocate(body, from, to);
    const there = documentKey(rename(key, from, to));
    return [removal, { put: there, body: moved, when: { absent: true } }];
  });
}

/** A document in which every id at or below `from` lies at `to`. */
function relocate(body: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, relocateValue(value, from, to)]));
}

function relocateValue(value: Json, from: string, to: string): Json {
  if (typeof value === 'string') return rename(value, from, to);
  if (Array.isArray(value)) return value.map((item) => relocateValue(item, from, to));
  return isJsonObject(value) ? relocate(value, from, to) : value;
}

function rename(text: string, from: string, to: string): string {
  const folded = text.toLowerCase();
  const above = foldId(from);
  return folded === above || folded.startsWith(`${above}/`) ? `${to}${text.slice(above.length)}` : text;
}
