import type { JsonObject } from '../../../src/core/json.ts';
import { graphApp } from '../../../src/directory/graph/graph-app.ts';
import { openTestLog } from '../../sign-ins/log.ts';
import { jsonOf, openedTokenService, origin, postForm } from '../../sts/opened.ts';

/** What a request was answered. */
export interface Answered {
  readonly status: number;
  readonly body: JsonObject;
}

/** Microsoft Graph over a fresh directory, asked by an application with these application permissions. */
export async function openedGraph(appRoles: readonly string[] = allRoles) {
  const service = await openedTokenService();
  const { directory, tenantId } = service;
  const signIns = openTestLog({ store: service.store, clock: service.clock }).log;
  const door = graphApp({ ...service, signIns, origin: () => origin });
  const caller = await directory.createApplicationPrincipal({ displayName: 'caller', appRoles });
  const token = async () => {
    const client = { client_id: caller.principal.appId, client_secret: caller.secret };
    const fields = { grant_type: 'client_credentials', ...client, resource: 'https://graph.microsoft.com/' };
    const body = await jsonOf(await postForm(service, `${origin}/${tenantId}/oauth2/token`, fields));
    return String(body['access_token']);
  };
  const bearer = await token();
  const ask = async (method: string, path: string, body?: unknown): Promise<Answered> => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await door.request(path.startsWith('http') ? path : `${origin}/v1.0${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as JsonObject) };
  };
  return { ...service, caller: caller.principal, signIns, ask };
}

export type OpenedGraph = Awaited<ReturnType<typeof openedGraph>>;

const allRoles = [
  'Application.ReadWrite.All',
  'Directory.ReadWrite.All',
  'Group.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
];

/** `error.message` of a refusal. */
export function messageOf({ body }: Answered): string {
  return String((body['error'] as JsonObject | undefined)?.['message']);
}

/** The ids of a list. */
export function idsOf({ body }: Answered): readonly string[] {
  return (body['value'] as readonly JsonObject[]).map((one) => String(one['id']));
}
