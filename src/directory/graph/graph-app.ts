/**
 * The subset of Microsoft Graph that clients of Resource Manager need to name principals, over the directory.
 * It only reads; every path needs a token for Graph with an application permission to read the directory.
 */
import { type Context, Hono } from 'hono';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ServicePrincipal } from '../../core/ports/directory.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { DirectoryAdmin } from '../directory.ts';
import { type AnswerPorts, answerGraph, answerRefusal } from './answer.ts';
import { type AuthorizePorts, refuseCaller } from './authorize.ts';
import { formatCollection, selectProperties } from './collection.ts';
import { formatObject, getByIds } from './get-by-ids.ts';
import { formatOrganization } from './organization.ts';
import { filterableProperties, formatServicePrincipal } from './service-principal.ts';

/** What the Graph subset needs. */
export interface GraphPorts extends AnswerPorts, AuthorizePorts {
  readonly directory: AuthorizePorts['directory'] & Pick<DirectoryAdmin, 'servicePrincipals'>;
}

/** Makes an answer's body. */
type Handler = (c: Context, ports: GraphPorts) => Promise<JsonObject | Refusal> | JsonObject | Refusal;

/** The route table: method, path below `/v1.0` or `/beta` in lower case, handler. */
const routes: readonly (readonly ['GET' | 'POST', string, Handler])[] = [
  ['GET', '/serviceprincipals', listPrincipals],
  ['GET', "/:keyed{serviceprincipals\\(appid='[^']+'\\)}", getPrincipalByKey],
  ['GET', '/serviceprincipals/:id', (c, ports) => showPrincipal(c, ports, ports.directory.servicePrincipal(idOf(c)))],
  ['POST', '/directoryobjects/getbyids', listByIds],
  ['GET', '/directoryobjects/:id', getObject],
  ['GET', '/organization', listOrganization],
  ['GET', '/organization/:id', getOrganization],
  ['GET', '/me', refuseMe],
  ['GET', '/me/*', refuseMe],
  ...['users', 'groups', 'applications'].flatMap(
    (collection) =>
      [
        ['GET', `/${collection}`, (c, ports) => listNone(c, ports, collection)],
        ['GET', `/${collection}/:id`, (c) => refuseMissing(idOf(c))],
      ] as const satisfies readonly (readonly ['GET', string, Handler])[],
  ),
];

/**
 * The Graph subset's HTTP endpoints. Paths are caseless and may have doubled slashes. To be called through `fetch`: mounting
 * it into another application would lose both.
 */
export function graphApp(ports: GraphPorts): Hono {
  const app = new Hono({ getPath: foldPath });
  app.onError(rethrow);
  app.use(async (c, next) => {
    const refusal = await refuseCaller(c.req.header('authorization'), ports);
    return refusal === undefined ? next() : answerRefusal(c, refusal, ports);
  });
  for (const version of ['/v1.0', '/beta']) {
    for (const [method, path, handler] of routes) {
      app.on(method, `${version}${path}`, async (c) => {
        const body = await handler(c, ports);
        return isRefusal(body) ? answerRefusal(c, body, ports) : answerGraph(c, body, ports);
      });
    }
  }
  app.notFound((c) => answerRefusal(c, refuseUnrouted(c.req.method, c.req.path), ports));
  return app;
}

/** What breaks is for the server in front to report and to answer: it knows the log. */
function rethrow(error: Error): never {
  throw error;
}

function foldPath(request: Request): string {
  const path = new URL(request.url).pathname.toLowerCase();
  const readable = path.replaceAll('%27', "'").replaceAll('%28', '(').replaceAll('%29', ')');
  return readable.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}

function listPrincipals(c: Context, { directory, origin }: GraphPorts): JsonObject | Refusal {
  const objects = directory.servicePrincipals().map((one) => formatServicePrincipal(one, directory.tenant.tenantId));
  return formatCollection(objects, { ...question(c, origin, 'servicePrincipals'), filterable: filterableProperties });
}

function getPrincipalByKey(c: Context, ports: GraphPorts): JsonObject | Refusal {
  const appId = /'([^']+)'/.exec(c.req.param('keyed') ?? '')?.[1] ?? '';
  return showPrincipal(c, ports, ports.directory.servicePrincipalByAppId(appId), appId);
}

function showPrincipal(
  c: Context,
  { directory, origin }: GraphPorts,
  principal: ServicePrincipal | undefined,
  id = idOf(c),
): JsonObject | Refusal {
  if (principal === undefined) return refuseMissing(id);
  const shown = selectProperties(formatServicePrincipal(principal, directory.tenant.tenantId), c.req.query('$select'));
  return { '@odata.context': `${question(c, origin, 'servicePrincipals').context}/$entity`, ...shown };
}

async function listByIds(c: Context, { directory, origin }: GraphPorts): Promise<JsonObject | Refusal> {
  const body: Json | undefined = await c.req.json().catch(() => undefined);
  const objects = getByIds(body, directory);
  if (isRefusal(objects)) return objects;
  return { '@odata.context': question(c, origin, 'directoryObjects').context, value: objects };
}

function getObject(c: Context, { directory, origin }: GraphPorts): JsonObject | Refusal {
  const [object] = formatObject(idOf(c), directory);
  if (object === undefined) return refuseMissing(idOf(c));
  return { '@odata.context': `${question(c, origin, 'directoryObjects').context}/$entity`, ...object };
}

function listOrganization(c: Context, { directory, origin }: GraphPorts): JsonObject | Refusal {
  return formatCollection([formatOrganization(directory.tenant)], {
    ...question(c, origin, 'organization'),
    filterable: ['id'],
  });
}

function getOrganization(c: Context, { directory, origin }: GraphPorts): JsonObject | Refusal {
  if (idOf(c) !== directory.tenant.tenantId.toLowerCase()) return refuseMissing(idOf(c));
  const shown = selectProperties(formatOrganization(directory.tenant), c.req.query('$select'));
  return { '@odata.context': `${question(c, origin, 'organization').context}/$entity`, ...shown };
}

/** Collections of which the directory has no members yet: any filter finds nothing. */
function listNone(c: Context, { origin }: GraphPorts, collection: string): JsonObject {
  return { '@odata.context': question(c, origin, collection).context, value: [] };
}

function refuseMe(): Refusal {
  return refuse('BadRequest', '/me request is only valid with delegated authentication flow.');
}

function refuseMissing(id: string): Refusal {
  return refuse(
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

function refuseUnrouted(method: string, path: string): Refusal {
  const [, version, segment] = path.split('/');
  const known = routes.some(([, route]) => route.split('/')[1] === segment?.replace(/\(.*/, ''));
  if (known && method !== 'GET') {
    return refuse('MethodNotAllowed', `Specified HTTP method '${method}' is not allowed for the request target.`);
  }
  return refuse('BadRequest', `Resource not found for the segment '${segment ?? version ?? ''}'.`);
}

function idOf(c: Context): string {
  return c.req.param('id') ?? '';
}

/** What a collection's answer repeats of the request: its query, and its URL on the host that was asked. */
function question(c: Context, origin: () => string, collection: string) {
  const url = new URL(c.req.url);
  const base = url.hostname === 'graph.microsoft.com' ? 'https://graph.microsoft.com' : origin();
  const version = c.req.path.startsWith('/beta') ? 'beta' : 'v1.0';
  return {
    query: c.req.query(),
    url: `${base}/${version}/${collection}`,
    context: `${base}/${version}/$metadata#${collection}`,
  };
}
