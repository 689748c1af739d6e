import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { AdminCredentials } from '../admin.ts';
import { askAdminToken } from '../admin-token.ts';
import type { OperatorAccessRequest } from './wire.ts';

/** What deciding on requests needs: the operator decides as the administrator, through the front door, and is in its log. */
export interface AccessRequestPorts {
  readonly app: { readonly fetch: (request: Request) => Response | Promise<Response> };
  readonly admin: AdminCredentials;
  readonly environment: { readonly origin: string; readonly tenantId: string; readonly subscriptionId: string };
}

const requestsPath = '/providers/Microsoft.Authorization/roleAssignmentScheduleRequests';

/** The requests of users of machines that wait for a decision; with `all=true`, the decided ones as well. */
export async function listAccessRequests(
  ports: AccessRequestPorts,
  query: URLSearchParams,
): Promise<{ readonly requests: readonly OperatorAccessRequest[] } | Refusal> {
  const found = query.get('all') === 'true' ? await listAll(ports) : await listPending(ports);
  return isRefusal(found) ? found : { requests: found.map(show) };
}

/** Those of every subscription; each list has those above the subscription as well. */
async function listAll(ports: AccessRequestPorts): Promise<readonly JsonObject[] | Refusal> {
  const subscriptions = await listArm(ports, '/subscriptions?api-version=2022-12-01');
  if (isRefusal(subscriptions)) return subscriptions;
  const filter = encodeURIComponent("requestType eq 'SelfActivate'");
  const found = new Map<string, JsonObject>();
  for (const { id } of subscriptions) {
    const some = await listArm(ports, `${String(id)}${requestsPath}?$filter=${filter}&api-version=2020-10-01`);
    if (isRefusal(some)) return some;
    for (const request of some) found.set(String(request['id']), request);
  }
  return [...found.values()];
}

/** Decides: `{ "id", "decision": "Approve" | "Deny", "reason" }`. Answers the request as it stands then. */
export async function decideAccessRequest(
  ports: AccessRequestPorts,
  body: JsonObject,
): Promise<OperatorAccessRequest | Refusal> {
  const { id, decision, reason } = body;
  if (decision !== 'Approve' && decision !== 'Deny') {
    return refuse('InvalidParameter', `The decision '${String(decision)}' must be 'Approve' or 'Deny'.`);
  }
  const pending = await listPending(ports);
  if (isRefusal(pending)) return pending;
  const request = pending.find(({ name }) => String(name).toLowerCase() === String(id).toLowerCase());
  if (request === undefined) {
    return refuse(
      'ResourceNotFound',
      `No request '${String(id)}' waits for a decision. \`postern access requests --all\` lists them.`,
    );
  }
  const approval = await askArm(
    ports,
    'GET',
    `${String(propertiesOf(request)['approvalId'])}?api-version=2021-01-01-preview`,
  );
  if (isRefusal(approval)) return approval;
  const [stage] = itemsOf(propertiesOf(approval), 'stages');
  const review = { reviewResult: decision, ...(typeof reason === 'string' ? { justification: reason } : {}) };
  const done = await askArm(ports, 'PATCH', `${String(stage?.['id'])}?api-version=2021-01-01-preview`, {
    properties: review,
  });
  if (isRefusal(done)) return done;
  const after = await askArm(ports, 'GET', `${String(request['id'])}?api-version=2020-10-01`);
  return isRefusal(after) ? after : show(after);
}

function listPending(ports: AccessRequestPorts): Promise<readonly JsonObject[] | Refusal> {
  return listArm(ports, `${requestsPath}?$filter=asApprover()&api-version=2020-10-01`);
}

/** All pages of a list. */
async function listArm(ports: AccessRequestPorts, path: string): Promise<readonly JsonObject[] | Refusal> {
  const items: JsonObject[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const page: JsonObject | Refusal = await askArm(ports, 'GET', next);
    if (isRefusal(page)) return page;
    items.push(...itemsOf(page));
    const link = page['nextLink'];
    next = typeof link === 'string' ? link.slice(ports.environment.origin.length) : undefined;
  }
  return items;
}

async function askArm(
  { app, admin, environment }: AccessRequestPorts,
  method: string,
  path: string,
  body?: JsonObject,
): Promise<JsonObject | Refusal> {
  const { origin, tenantId } = environment;
  const token = await askAdminToken({ origin, tenantId, admin, fetch: (request) => app.fetch(request) });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await app.fetch(new Request(`${origin}${path}`, { method, headers, ...sent }));
  const text = await response.text();
  const answer = (text === '' ? {} : JSON.parse(text)) as JsonObject;
  const error = answer['error'];
  return isJsonObject(error) ? refuse('OperationNotAllowed', String(error['message'])) : answer;
}

function itemsOf(body: JsonObject, name = 'value'): readonly JsonObject[] {
  const items = body[name];
  return Array.isArray(items) ? (items as readonly Json[]).filter(isJsonObject) : [];
}

function propertiesOf(body: JsonObject): JsonObject {
  return objectAt(body, 'properties');
}

function objectAt(body: JsonObject, name: string): JsonObject {
  const value = body[name];
  return isJsonObject(value) ? value : {};
}

function show(request: JsonObject): OperatorAccessRequest {
  const properties = propertiesOf(request);
  const { userName, machineId } = objectAt(properties, 'posternActor');
  const role = objectAt(objectAt(properties, 'expandedProperties'), 'roleDefinition');
  const { duration, endDateTime } = objectAt(objectAt(properties, 'scheduleInfo'), 'expiration');
  return {
    id: String(request['name']),
    status: String(properties['status']),
    principalId: String(properties['principalId']),
    ...(typeof userName === 'string' ? { user: userName } : {}),
    ...(typeof machineId === 'string' ? { machine: machineId } : {}),
    role: String(role['displayName'] ?? properties['roleDefinitionId']),
    scope: String(properties['scope']),
    ...(typeof duration === 'string' ? { duration } : {}),
    ...(typeof endDateTime === 'string' ? { until: endDateTime } : {}),
    reason: String(properties['justification'] ?? ''),
    createdOn: String(properties['createdOn']),
  };
}
