import { type Expression, parseExpression } from '../../../core/filter/expression.ts';
import { matcherOf } from '../../../core/filter/matcher.ts';
import { parseResourceIdentity } from '../../../core/identity/resource-identity.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Document, documentKey } from '../../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../../core/refusal.ts';
import { foldId, formatSubscriptionId, parseResourceId } from '../../../core/resource-id.ts';
import type { Answer, Call, ProviderContext } from '../../provider-contract.ts';
import { identityNotFound } from './put-identity.ts';

/** A resource that has an identity, as the list shows it. */
type AssociatedResource = Readonly<Record<(typeof fields)[number], string>>;

const fields = ['id', 'name', 'type', 'resourceGroup', 'subscriptionId', 'subscriptionDisplayName'] as const;
const longestPage = 100;

/**
 * The resources, of every type and subscription, that have a user-assigned identity. `$filter` and `$orderby` go by the fields
 * of the answer, `$skip` and `$top` page it; `$skiptoken` is how far the pages before have come.
 * @see Microsoft.ManagedIdentity 2022-01-31-preview, UserAssignedIdentities_ListAssociatedResources
 */
export async function listAssociatedResources(context: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const { store } = context;
  if ((await store.get(documentKey(call.resourceId))) === undefined) return identityNotFound(call);
  const filter = parseAssociatedFilter(call.query.get('$filter'));
  if (isRefusal(filter)) return filter;
  const order = parseOrder(call.query.get('$orderby'));
  if (isRefusal(order)) return order;
  const page = parsePage(call.query);
  if (isRefusal(page)) return page;
  const names = await subscriptionNames(context);
  const holders = (await store.list(documentKey('/subscriptions'))).filter(({ body }) => holds(body, call.resourceId));
  const found = holders
    .map((holder) => describe(holder, names))
    .filter(filter)
    .toSorted(order);
  const value = found.slice(page.skip, page.skip + page.top);
  const next = page.skip + value.length;
  const nextLink = next < found.length ? { nextLink: call.link({ $skiptoken: String(next) }) } : {};
  return { status: 200, body: { totalCount: found.length, value, ...nextLink } };
}

function holds(body: JsonObject, identityId: string): boolean {
  const { users } = parseResourceIdentity(body['identity']);
  return users.some(({ resourceId }) => foldId(resourceId) === foldId(identityId));
}

function describe({ body }: Document, subscriptionNames: ReadonlyMap<string, string>): AssociatedResource {
  const id = String(body['id']);
  const { subscriptionId = '', resourceGroupName = '' } = parseResourceId(id) ?? {};
  return {
    id,
    name: String(body['name']),
    type: String(body['type']).toLowerCase(),
    resourceGroup: resourceGroupName,
    subscriptionId,
    subscriptionDisplayName: subscriptionNames.get(subscriptionId.toLowerCase()) ?? '',
  };
}

async function subscriptionNames({ store }: ProviderContext): Promise<ReadonlyMap<string, string>> {
  const type = 'microsoft.resources/subscriptions';
  const documents = await store.list(documentKey('/subscriptions'), { type });
  return new Map(documents.map(({ body }) => [idOf(body), String(body['displayName'])]));
}

function idOf(subscription: JsonObject): string {
  return String(subscription['id']).slice(formatSubscriptionId('').length).toLowerCase();
}

type ResourceFilter = (resource: AssociatedResource) => boolean;

function parseAssociatedFilter(text: string | undefined): ResourceFilter | Refusal {
  if (text === undefined || text.trim() === '') return () => true;
  const expression = parseExpression(text);
  const filter = expression === undefined ? undefined : filterOf(expression);
  return (
    filter ??
    refuse(
      'InvalidFilterInQueryString',
      `Invalid $filter '${text}' specified in the query string. Filter by ${fields.join(', ')} with eq, ne, contains, startswith, endswith, and, or.`,
    )
  );
}

function filterOf(expression: Expression): ResourceFilter | undefined {
  if ('field' in expression) {
    const field = fieldOf(expression.field);
    const matches = matcherOf(expression);
    return field && ((resource) => matches(resource[field]));
  }
  const [one, other] = ('and' in expression ? expression.and : expression.or).map(filterOf);
  if (one === undefined || other === undefined) return undefined;
  if ('and' in expression) return (resource) => one(resource) && other(resource);
  return (resource) => one(resource) || other(resource);
}

function fieldOf(name: string): (typeof fields)[number] | undefined {
  return fields.find((field) => field.toLowerCase() === name.toLowerCase());
}

type Order = (one: AssociatedResource, other: AssociatedResource) => number;

/** `name asc, type desc`; by id when nothing is asked. Refuses `InvalidParameter`. */
function parseOrder(text: string | undefined): Order | Refusal {
  const keys = (text ?? 'id').split(',').map((part) => /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(part));
  const orders = keys.map((key) => {
    const field = fieldOf(key?.[1] ?? '');
    const sign = key?.[2]?.toLowerCase() === 'desc' ? -1 : 1;
    return field && ((one: AssociatedResource, other: AssociatedResource) => sign * compare(one[field], other[field]));
  });
  if (orders.every((order) => order !== undefined)) {
    return (one, other) => orders.reduce((decided, order) => decided || order(one, other), 0);
  }
  return refuse('InvalidParameter', `The $orderby '${text}' is not valid. Order by ${fields.join(', ')}.`, {
    target: '$orderby',
  });
}

function compare(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Refuses `InvalidTopInQueryString`, `InvalidParameter` and `InvalidSkipToken` for what is no count. */
function parsePage(query: ReadonlyMap<string, string>): { readonly skip: number; readonly top: number } | Refusal {
  const [top, skip, token] = ['$top', '$skip', '$skiptoken'].map((name) => query.get(name));
  const isCount = (text: string | undefined) => text === undefined || /^\d{1,6}$/.test(text);
  if (!isCount(top) || top === '0') {
    return refuse(
      'InvalidTopInQueryString',
      `Invalid $top '${top}' specified in the query string: it must be a positive number.`,
    );
  }
  if (!isCount(skip)) return refuse('InvalidParameter', `The $skip '${skip}' must be a number.`, { target: '$skip' });
  if (!isCount(token)) {
    return refuse('InvalidSkipToken', `The $skiptoken '${token}' is not valid: use the nextLink of the page before.`);
  }
  return { skip: Number(token ?? skip ?? 0), top: Math.min(Number(top ?? longestPage), longestPage) };
}
