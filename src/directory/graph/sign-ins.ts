import type { JsonObject } from '../../core/json.ts';
import type { RecordedSignIn, SignInQuery } from '../../core/ports/sign-in-log.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { signInRetentionMillis } from '../../core/sign-ins/retention.ts';
import type { EpochMillis } from '../../core/time.ts';
import {
  type Ask,
  contextOf,
  entity,
  type GraphAnswer,
  type GraphPorts,
  type GraphRoute,
  refuseMissing,
} from './ask.ts';
import { selectProperties } from './collection.ts';
import { type Filter, parseFilter } from './odata-filter.ts';
import { formatSignIn } from './sign-in.ts';
import { timesIn } from './sign-in-times.ts';

/** The sign-ins of managed identities. @see https://learn.microsoft.com/graph/api/signin-list?view=graph-rest-beta */
export const signInRoutes: readonly GraphRoute[] = [
  { method: 'GET', path: '/auditlogs/signins', permission: 'readSignIns', handle: listSignIns },
  { method: 'GET', path: '/auditlogs/signins/:id', permission: 'readSignIns', handle: showSignIn },
];

const collection = 'auditLogs/signIns';
const filterable = [
  'id',
  'createdDateTime',
  'appId',
  'appDisplayName',
  'servicePrincipalId',
  'servicePrincipalName',
  'resourceId',
  'resourceDisplayName',
  'correlationId',
  'signInEventTypes',
  'uniqueTokenIdentifier',
  'isInteractive',
  'status/errorCode',
  'posternActor/userName',
  'posternActor/machineId',
  'posternRecord/outcome',
];
/** Graph's page of sign-ins, at most and without `$top`. */
const greatestPage = 1000;
/** So many reads of the log make a page; one that finds little may be shorter than `$top`, and has a `nextLink` all the same. */
const readsPerPage = 50;

async function listSignIns(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const asked = parseAsked(ask, ports);
  if (isRefusal(asked)) return asked;
  const found = await collect(asked, ports);
  if (isRefusal(found)) return refuse('Request_BadRequest', found.message);
  const value = found.objects.map((object) => selectProperties(object, ask.query['$select']));
  const next = found.skipToken === undefined ? {} : { '@odata.nextLink': nextLink(ask, found.skipToken) };
  return { status: 200, body: { '@odata.context': contextOf(ask, collection), ...next, value } };
}

async function showSignIn(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const id = ask.params['id'] ?? '';
  const { signIns, clock } = ports;
  const range = rangeOf(clock.now());
  let query: SignInQuery | undefined = { ...range, id, limit: 1 };
  while (query !== undefined) {
    const page = await signIns.query(query);
    if (isRefusal(page)) break;
    const [found] = page.signIns;
    if (found !== undefined)
      return entity(ask, collection, selectProperties(formatSignIn(found, ports.directory), ask.query['$select']));
    query = page.skipToken === undefined ? undefined : { ...query, skipToken: page.skipToken };
  }
  return refuseMissing(id);
}

interface Asked {
  readonly from: EpochMillis;
  readonly to: EpochMillis;
  readonly top: number;
  readonly matches: Filter['matches'];
  readonly skipToken?: string;
}

function parseAsked({ query }: Ask, { clock }: GraphPorts): Asked | Refusal {
  const text = query['$filter'];
  const filter = text === undefined ? { matches: () => true } : parseFilter(text, filterable);
  if (filter === undefined) {
    return refuse('Request_UnsupportedQuery', `Unsupported or invalid query filter clause specified: ${text}`);
  }
  const orderby = query['$orderby'];
  if (orderby !== undefined && !/^\s*createdDateTime\s+desc\s*$/i.test(orderby)) {
    return refuse(
      'Request_UnsupportedQuery',
      `Sign-ins are ordered by 'createdDateTime desc' alone, not '${orderby}'.`,
    );
  }
  const top = query['$top'] ?? String(greatestPage);
  if (!/^[1-9]\d{0,3}$/.test(top) || Number(top) > greatestPage) {
    return refuse(
      'Request_BadRequest',
      `Invalid page size specified: '${top}'. Must be between 1 and ${greatestPage} inclusive.`,
    );
  }
  const skipToken = query['$skiptoken'];
  return {
    ...rangeOf(clock.now()),
    ...timesIn(text ?? ''),
    top: Number(top),
    matches: filter.matches,
    ...(skipToken === undefined ? {} : { skipToken }),
  };
}

function rangeOf(now: EpochMillis): Pick<Asked, 'from' | 'to'> {
  return { from: (now - signInRetentionMillis) as EpochMillis, to: now };
}

interface Collected {
  readonly objects: readonly JsonObject[];
  readonly skipToken?: string;
}

async function collect(asked: Asked, { signIns, directory }: GraphPorts): Promise<Collected | Refusal> {
  const objects: JsonObject[] = [];
  let { skipToken } = asked;
  for (let read = 0; read < readsPerPage && objects.length < asked.top; read += 1) {
    // No more than there is room for: a page of the log ends where ours does.
    const { from, to } = asked;
    const limit = asked.top - objects.length;
    const page = await signIns.query({ from, to, limit, ...(skipToken === undefined ? {} : { skipToken }) });
    if (isRefusal(page)) return page;
    objects.push(
      ...page.signIns
        .map((signIn) => filterableOf(signIn, directory))
        .filter(asked.matches)
        .map(({ object }) => object),
    );
    skipToken = page.skipToken;
    if (skipToken === undefined) return { objects };
  }
  return { objects, ...(skipToken === undefined ? {} : { skipToken }) };
}

/** A sign-in with what lies below its properties under the paths by which a filter asks for it. */
function filterableOf(signIn: RecordedSignIn, directory: GraphPorts['directory']) {
  const object = formatSignIn(signIn, directory);
  return {
    ...object,
    'status/errorCode': (object['status'] as JsonObject)['errorCode'],
    'posternActor/userName': signIn.user?.userName,
    'posternActor/machineId': signIn.machineResourceId,
    'posternRecord/outcome': signIn.outcome,
    object,
  };
}

function nextLink({ base, query }: Ask, skipToken: string): string {
  const next = new URLSearchParams({ ...query, $skiptoken: skipToken });
  return `${base}/${collection}?${next.toString().replaceAll('%24', '$')}`;
}
