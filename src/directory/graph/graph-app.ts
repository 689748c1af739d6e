/**
 * The subset of Microsoft Graph that clients of Azure use about identities, over the directory: applications, service
 * principals, groups and what was deleted. Each route says which application permission it needs.
 */
import { type Context, Hono } from 'hono';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { VerifiedToken } from '../../core/ports/token-verifier.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { answerGraph, answerRefusal } from './answer.ts';
import { appRoleRoutes } from './app-role-assignments.ts';
import { applicationRoutes } from './applications.ts';
import { type Ask, entity, type GraphAnswer, type GraphPorts, type GraphRoute, refuseMissing } from './ask.ts';
import { authenticate } from './authorize.ts';
import { formatCollection, selectProperties } from './collection.ts';
import { deletedItemRoutes } from './deleted-item-routes.ts';
import { formatObject } from './directory-object.ts';
import { federatedRoutes } from './federated-routes.ts';
import { getByIds } from './get-by-ids.ts';
import { groupRoutes } from './groups.ts';
import { memberRoutes } from './members.ts';
import { formatOrganization } from './organization.ts';
import { ownerRoutes } from './owners.ts';
import { permissionGrantRoutes } from './permission-grants.ts';
import { refusePermission } from './permissions.ts';
import { principalRoutes } from './service-principals.ts';
import { signInRoutes } from './sign-ins.ts';

export type { GraphPorts } from './ask.ts';

/** The route table. */
const routes: readonly GraphRoute[] = [
  ...principalRoutes,
  ...appRoleRoutes,
  ...applicationRoutes,
  ...federatedRoutes,
  ...groupRoutes,
  ...memberRoutes,
  ...ownerRoutes,
  ...permissionGrantRoutes,
  ...deletedItemRoutes,
  ...signInRoutes,
  { method: 'POST', path: '/directoryobjects/getbyids', permission: 'readMemberships', handle: getByIds },
  { method: 'GET', path: '/directoryobjects/:id', permission: 'readMemberships', handle: getObject },
  { method: 'GET', path: '/organization', permission: 'readOrganization', handle: listOrganization },
  { method: 'GET', path: '/organization/:id', permission: 'readOrganization', handle: getOrganization },
  { method: 'GET', path: '/me', permission: 'none', handle: refuseMe },
  { method: 'GET', path: '/me/*', permission: 'none', handle: refuseMe },
  { method: 'GET', path: '/users', permission: 'readUsers', handle: listNoUsers },
  {
    method: 'GET',
    path: '/users/:id',
    permission: 'readUsers',
    handle: ({ params }) => refuseMissing(params['id'] ?? ''),
  },
];

const versions: readonly string[] = ['v1.0', 'beta'];

interface Variables {
  readonly caller: VerifiedToken;
}

/**
 * The Graph subset's HTTP endpoints. Paths are caseless and may have doubled slashes. To be called through `fetch`: mounting
 * it into another application would lose both.
 */
export function graphApp(ports: GraphPorts): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>({ getPath: foldPath });
  app.onError(rethrow);
  app.use(async (c, next) => {
    const caller = await authenticate(c.req.header('authorization'), ports);
    if (isRefusal(caller)) return answerRefusal(c, caller, ports);
    c.set('caller', caller);
    return next();
  });
  for (const version of versions) {
    for (const { method, path, permission, handle } of routes) {
      app.on(method, `/${version}${path}`, async (c) => {
        const caller = c.get('caller');
        const refused = refusePermission(caller.roles, permission) ?? refuseOptions(c.req.query());
        const ask = refused ?? (await askOf(c, caller, ports));
        const answer = isRefusal(ask) ? ask : await handle(ask, ports);
        return isRefusal(answer) ? answerRefusal(c, answer, ports) : answerGraph(c, answer, ports);
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

/** In lower case, with `/applications(appId='…')` as `/applications/appid=…`: a key of another name is one more id. */
function foldPath(request: Request): string {
  const path = new URL(request.url).pathname.toLowerCase();
  const readable = path.replaceAll('%27', "'").replaceAll('%28', '(').replaceAll('%29', ')').replaceAll('%24', '$');
  const keyed = readable.replace(/^(\/[^/]+\/[^/(]+)\(appid='([^'/]*)'\)/, '$1/appid=$2');
  return keyed.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}

async function askOf(c: Context, caller: VerifiedToken, { origin }: GraphPorts): Promise<Ask | Refusal> {
  const body = c.req.method === 'GET' ? {} : await readBody(c);
  if (isRefusal(body)) return body;
  const url = new URL(c.req.url);
  const host = url.hostname === 'graph.microsoft.com' ? 'https://graph.microsoft.com' : origin();
  return {
    caller,
    params: c.req.param(),
    query: c.req.query(),
    header: (name) => c.req.header(name),
    body,
    base: `${host}/${c.req.path.startsWith('/beta') ? 'beta' : 'v1.0'}`,
  };
}

/** A request without a body is one with an empty object. */
async function readBody(c: Context): Promise<JsonObject | Refusal> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  const body = parseJson(text);
  if (isJsonObject(body)) return body;
  return refuse(
    'BadRequest',
    'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
  );
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Query options that would change the answer are not passed over. */
function refuseOptions(query: Readonly<Record<string, string>>): Refusal | undefined {
  const option = ['$expand', '$search', '$skip', '$apply', '$compute'].find((name) => name in query);
  return option === undefined
    ? undefined
    : refuse('Request_UnsupportedQuery', `The query option '${option}' is not supported.`);
}

function getObject(ask: Ask, ports: GraphPorts): GraphAnswer {
  const id = ask.params['id'] ?? '';
  const object = formatObject(id, ports);
  return object === undefined ? refuseMissing(id) : entity(ask, 'directoryObjects', object);
}

function listOrganization(ask: Ask, { directory }: GraphPorts): GraphAnswer {
  return formatCollection([formatOrganization(directory.tenant)], ask, {
    collection: 'organization',
    filterable: ['id'],
  });
}

function getOrganization(ask: Ask, { directory }: GraphPorts): GraphAnswer {
  const id = ask.params['id'] ?? '';
  if (id !== directory.tenant.tenantId.toLowerCase()) return refuseMissing(id);
  return entity(ask, 'organization', selectProperties(formatOrganization(directory.tenant), ask.query['$select']));
}

/** The directory has no users: any filter finds none. */
function listNoUsers(ask: Ask): GraphAnswer {
  return { status: 200, body: { '@odata.context': `${ask.base}/$metadata#users`, value: [] } };
}

function refuseMe(): Refusal {
  return refuse('BadRequest', '/me request is only valid with delegated authentication flow.');
}

/** Names the first segment that no route has in its place. */
function refuseUnrouted(method: string, path: string): Refusal {
  const [, version = '', ...segments] = path.split('/');
  if (!versions.includes(version)) return refuse('BadRequest', `Invalid version: ${version}`);
  const known = (upTo: number) => routes.some((route) => isAlong(route.path, segments.slice(0, upTo + 1)));
  const unknown = segments.findIndex((_, at) => !known(at));
  if (unknown < 0 && segments.length > 0 && method !== 'GET') {
    return refuse('MethodNotAllowed', `Specified HTTP method '${method}' is not allowed for the request target.`);
  }
  const segment = segments[unknown] ?? segments.at(-1) ?? version;
  return refuse('BadRequest', `Resource not found for the segment '${segment}'.`);
}

function isAlong(path: string, segments: readonly string[]): boolean {
  const words = path.split('/').slice(1);
  return segments.every((segment, at) => words[at] === segment || words[at]?.startsWith(':') || words[at] === '*');
}
