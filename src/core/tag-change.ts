import { isRefusal, type Refusal } from './refusal.ts';
import { parseTags, type Tags } from './tags.ts';

/** What a change does with the tags that it is given. */
export type TagOperation = 'Merge' | 'Replace' | 'Delete';

/**
 * The tags after a change. `Merge` adds and overwrites, `Replace` puts the given set in place of all, `Delete` takes off those
 * of a given name and value; an empty value means any. Names have no case. Refuses what the rules for tags refuse.
 * @see https://learn.microsoft.com/rest/api/resources/tags/update-at-scope
 */
export function changeTags(current: Tags, operation: TagOperation, given: Tags): Tags | Refusal {
  const after = { Merge: merge, Replace: () => given, Delete: without }[operation](current, given);
  const judged = parseTags(after);
  return isRefusal(judged) ? judged : after;
}

function merge(current: Tags, given: Tags): Tags {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const kept = Object.entries(current).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...given };
}

function without(current: Tags, given: Tags): Tags {
  const gone = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    Object.entries(current).filter(([name, value]) => {
      const asked = gone.get(name.toLowerCase());
      return asked === undefined || (asked !== '' && asked !== value);
    }),
  );
}
