import type { JsonObject } from '../../core/json.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { type Filter, parseFilter } from './odata-filter.ts';

/** What a list request asks for, and where: the query by name, and the collection's absolute URL. */
export interface ListQuestion {
  readonly query: Readonly<Record<string, string>>;
  readonly url: string;
  readonly context: string;
  readonly filterable: readonly string[];
}

/** Graph's default and greatest page of directory objects. */
const defaultPage = 100;
const greatestPage = 999;

/**
 * A page of a collection: `$filter`, `$select`, `$top`, `$skiptoken` and `$count` as Graph reads them. Refuses
 * `Request_UnsupportedQuery` and `Request_BadRequest`.
 * @see https://learn.microsoft.com/graph/query-parameters
 */
export function formatCollection(objects: readonly JsonObject[], question: ListQuestion): JsonObject | Refusal {
  const { query } = question;
  const filter = parseFilterOption(query['$filter'], question.filterable);
  const top = parseCount(query['$top'], defaultPage);
  const skip = parseCount(query['$skiptoken'], 0);
  if (filter === undefined) return refuseFilter(query['$filter'] ?? '');
  if (query['$search'] !== undefined)
    return refuse('Request_UnsupportedQuery', "The query option '$search' is not supported.");
  if (top === undefined || top === 0 || top > greatestPage) return refuseTop(query['$top'] ?? '');
  if (skip === undefined) return refuse('Request_BadRequest', 'The $skiptoken is not one that this collection gave.');
  const found = objects.filter(filter);
  const page = found.slice(skip, skip + top).map((object) => selectProperties(object, query['$select']));
  return {
    '@odata.context': question.context,
    ...(query['$count'] === 'true' ? { '@odata.count': found.length } : {}),
    ...(skip + top < found.length ? { '@odata.nextLink': nextLink(question, skip + top) } : {}),
    value: page,
  };
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

function parseFilterOption(filter: string | undefined, filterable: readonly string[]): Filter | undefined {
  return filter === undefined ? () => true : parseFilter(filter, filterable);
}

function parseCount(text: string | undefined, otherwise: number): number | undefined {
  if (text === undefined) return otherwise;
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function nextLink({ url, query }: ListQuestion, skip: number): string {
  const next = new URLSearchParams({ ...query, $skiptoken: String(skip) });
  return `${url}?${next.toString().replaceAll('%24', '$')}`;
}

function refuseFilter(filter: string): Refusal {
  return refuse('Request_UnsupportedQuery', `Unsupported or invalid query filter clause specified: ${filter}`);
}

function refuseTop(top: string): Refusal {
  return refuse(
    'Request_BadRequest',
    `Invalid page size specified: '${top}'. Must be between 1 and ${greatestPage} inclusive.`,
  );
}
