import type { Json, JsonObject } from './json.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';

/** The items on one page of a list, as ARM shows it. */
export type Page = JsonObject & { readonly value: readonly Json[]; readonly nextLink?: string };

/** What paging reads of a request. */
export interface PageRequest {
  readonly query: ReadonlyMap<string, string>;
  link(query: Readonly<Record<string, string>>): string;
}

/**
 * One page of a list that is in the order of `keyOf`: `$top` items (default 1000) after the one that `$skiptoken` names, so
 * that items which come or go between two pages neither repeat nor hide others. Refuses `InvalidTopInQueryString` and
 * `InvalidSkipToken`.
 */
export function pageOf<Item extends JsonObject>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
): Page | Refusal {
  const top = parseTop(request.query.get('$top'));
  const after = parseSkipToken(request.query.get('$skiptoken'));
  if (isRefusal(top)) return top;
  if (isRefusal(after)) return after;
  const rest = after === '' ? items : items.filter((item) => keyOf(item) > after);
  const value = rest.slice(0, top);
  const last = value.at(-1);
  if (last === undefined || value.length === rest.length) return { value };
  return { value, nextLink: request.link({ $skiptoken: formatSkipToken(keyOf(last)) }) };
}

/** Reads items in the order of their keys: those after `after` (`` is the beginning), at most `limit`. */
export type LoadItems<Item> = (after: string, limit: number) => Promise<readonly Item[]>;

/**
 * One page as `pageOf` cuts it, of items that are read as they are needed: a list of any length costs what its page does.
 * Refuses as `pageOf` does.
 */
export async function loadPage<Item>(
  load: LoadItems<Item>,
  { keyOf, show }: { readonly keyOf: (item: Item) => string; readonly show: (item: Item) => Json },
  request: PageRequest,
): Promise<Page | Refusal> {
  const top = parseTop(request.query.get('$top'));
  const after = parseSkipToken(request.query.get('$skiptoken'));
  if (isRefusal(top)) return top;
  if (isRefusal(after)) return after;
  // One more than is shown tells whether there is another page.
  const items = await load(after, top + 1);
  const value = items.slice(0, top).map(show);
  const last = items[top - 1];
  if (last === undefined || items.length <= top) return { value };
  return { value, nextLink: request.link({ $skiptoken: formatSkipToken(keyOf(last)) }) };
}

function parseTop(text: string | undefined): number | Refusal {
  if (text === undefined) return 1000;
  if (/^[1-9]\d{0,5}$/.test(text)) return Math.min(Number(text), 1000);
  return refuse(
    'InvalidTopInQueryString',
    `Invalid $top '${text}' specified in the query string: it must be a positive number.`,
  );
}

function formatSkipToken(key: string): string {
  return encodeURIComponent(key);
}

function parseSkipToken(token: string | undefined): string | Refusal {
  try {
    const key = decodeURIComponent(token ?? '');
    if (token === undefined || key !== '') return key;
  } catch {
    return invalidToken(token);
  }
  return invalidToken(token);
}

function invalidToken(token: string | undefined): Refusal {
  return refuse('InvalidSkipToken', `The $skiptoken '${token}' is not valid: use the nextLink of the page before.`);
}
