import type { JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { type Ask, contextOf, type GraphAnswer } from './ask.ts';
import { type Filter, parseFilter } from './odata-filter.ts';

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

const everything: Filter = { matches: () => true, advanced: false };

/**
 * A page of a collection: `$filter`, `$select`, `$top`, `$skiptoken`, `$orderby` and `$count` as Graph reads them. Refuses
 * `Request_UnsupportedQuery` and `Request_BadRequest`.
 * @see https://learn.microsoft.com/graph/query-parameters
 */
export function formatCollection(objects: readonly JsonObject[], ask: Ask, collection: Collection): GraphAnswer {
  const { query } = ask;
  const filter = readFilter(ask, collection.filterable);
  if (isRefusal(filter)) return filter;
  const top = parseCount(query['$top'], defaultPage);
  const skip = parseCount(query['$skiptoken'], 0);
  if (top === undefined || top === 0 || top > greatestPage) return refuseTop(query['$top'] ?? '');
  if (skip === undefined) return refuse('Request_BadRequest', 'The $skiptoken is not one that this collection gave.');
  const found = ordered(objects.filter(filter.matches), query['$orderby'], collection.filterable);
  if (isRefusal(found)) return found;
  const value = found.slice(skip, skip + top).map((object) => selectProperties(object, query['$select']));
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

function readFilter(ask: Ask, filterable: readonly string[]): Filter | Refusal {
  const text = ask.query['$filter'];
  const filter = text === undefined ? everything : parseFilter(text, filterable);
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

function ordered(
  objects: readonly JsonObject[],
  orderby: string | undefined,
  properties: readonly string[],
): readonly JsonObject[] | Refusal {
  if (orderby === undefined) return objects;
  const [, name = '', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(orderby) ?? [];
  const property = properties.find((one) => one.toLowerCase() === name.toLowerCase());
  if (property === undefined) {
    return refuse('Request_UnsupportedQuery', `Unsupported sort property '${orderby}'.`);
  }
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return objects.toSorted((a, b) => sign * String(a[property]).localeCompare(String(b[property])));
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
