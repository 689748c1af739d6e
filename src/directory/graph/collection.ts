import type { JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { type Ask, contextOf, type GraphAnswer } from './ask.ts';
import { type Filter, type Filterable, parseFilter } from './odata-filter.ts';

/** Which collection is listed: its name in the context and in links, and what it can be filtered by. */
export interface Collection {
  readonly collection: string;
  readonly filterable: readonly string[];
  /** The path below the version, where it is another than the collection's name. */
  readonly path?: string;
}

/** Graph's default and greatest page of directory objects. */
const defaultPage = 100;
const greatestPage = 999;

/** Items that are shown where they are on the page: a directory of many is not put together for each question. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  show(item: Item): JsonObject;
  /** What they are filtered and sorted by. */
  facts(item: Item): Filterable;
}

/** A page of objects that are put together already; see `formatListing`. */
export function formatCollection(objects: readonly JsonObject[], ask: Ask, collection: Collection): GraphAnswer {
  const itself = (object: JsonObject) => object;
  return formatListing({ items: objects, show: itself, facts: itself }, ask, collection);
}

/**
 * A page of a collection: `$filter`, `$select`, `$top`, `$skiptoken`, `$orderby` and `$count` as Graph reads them. Refuses
 * `Request_UnsupportedQuery` and `Request_BadRequest`.
 * @see https://learn.microsoft.com/graph/query-parameters
 */
export function formatListing<Item>(listing: Listing<Item>, ask: Ask, collection: Collection): GraphAnswer {
  const { query } = ask;
  const filter = readFilter(ask, collection.filterable);
  if (isRefusal(filter)) return filter;
  const top = parseCount(query['$top'], defaultPage);
  const skip = parseCount(query['$skiptoken'], 0);
  if (top === undefined || top === 0 || top > greatestPage) return refuseTop(query['$top'] ?? '');
  if (skip === undefined) return refuse('Request_BadRequest', 'The $skiptoken is not one that this collection gave.');
  const { items, show, facts } = listing;
  const matching = filter === undefined ? items : items.filter((item) => filter.matches(facts(item)));
  const found = ordered({ ...listing, items: matching }, query['$orderby'], collection.filterable);
  if (isRefusal(found)) return found;
  const value = found.slice(skip, skip + top).map((item) => selectProperties(show(item), query['$select']));
  const body = {
    '@odata.context': contextOf(ask, collection.collection),
    ...(query['$count'] === 'true' ? { '@odata.count': found.length } : {}),
    ...(skip + top < found.length ? { '@odata.nextLink': nextLink(ask, collection, skip + top) } : {}),
    value,
  };
  return { status: 200, body };
}

/** The object with the properties that `$select` names, its `id` and its annotations; whole when there is no `$select`. */
export function selectProperties(object: JsonObject, select: string | undefined): JsonObject {
  if (select === undefined || select.trim() === '' || select.trim() === '*') return object;
  const names = select.split(',').map((name) => name.trim().toLowerCase());
  const kept = Object.entries(object).filter(
    ([name]) => names.includes(name.toLowerCase()) || name === 'id' || name.startsWith('@'),
  );
  return Object.fromEntries(kept);
}

function readFilter(ask: Ask, filterable: readonly string[]): Filter | Refusal | undefined {
  const text = ask.query['$filter'];
  if (text === undefined) return undefined;
  const filter = parseFilter(text, filterable);
  if (filter === undefined) {
    return refuse('Request_UnsupportedQuery', `Unsupported or invalid query filter clause specified: ${text}`);
  }
  const isEventual = ask.header('consistencylevel')?.toLowerCase() === 'eventual' && ask.query['$count'] === 'true';
  if (!filter.advanced || isEventual) return filter;
  return refuse(
    'Request_UnsupportedQuery',
    `The filter '${text}' is an advanced query: send the header 'ConsistencyLevel: eventual' and the query option $count=true.`,
  );
}

function ordered<Item>(
  { items, facts }: Listing<Item>,
  orderby: string | undefined,
  properties: readonly string[],
): readonly Item[] | Refusal {
  if (orderby === undefined) return items;
  const [, name = '', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(orderby) ?? [];
  const property = properties.find((one) => one.toLowerCase() === name.toLowerCase());
  if (property === undefined) {
    return refuse('Request_UnsupportedQuery', `Unsupported sort property '${orderby}'.`);
  }
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  const keyed = items.map((item) => ({ item, key: String(facts(item)[property]) }));
  return keyed.toSorted((a, b) => sign * a.key.localeCompare(b.key)).map(({ item }) => item);
}

function parseCount(text: string | undefined, otherwise: number): number | undefined {
  if (text === undefined) return otherwise;
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function nextLink({ base, query }: Ask, { collection, path }: Collection, skip: number): string {
  const next = new URLSearchParams({ ...query, $skiptoken: String(skip) });
  return `${base}/${path ?? collection}?${next.toString().replaceAll('%24', '$')}`;
}

function refuseTop(top: string): Refusal {
  return refuse(
    'Request_BadRequest',
    `Invalid page size specified: '${top}'. Must be between 1 and ${greatestPage} inclusive.`,
  );
}
