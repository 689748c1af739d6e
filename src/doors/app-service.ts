import type { IncomingMessage } from 'node:http';
import { imdsErrors } from '../core/errors/imds.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import type { DoorPorts, OpenDoor } from './door.ts';
import { type DoorReply, serve } from './listen.ts';
import { clientRequestIdOf, type DoorQuestion, parseQuestion, pathOf } from './question.ts';
import { isSameSecret } from './same-secret.ts';

const path = '/msi/token';

/** What opening the door made: the machine, its secret. */
interface AppService {
  readonly machineResourceId: string;
  readonly secret: string;
}

/**
 * App Service's endpoint for a machine: `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` (2019-08-01), and the older `MSI_ENDPOINT` and
 * `MSI_SECRET` (2017-09-01). Without a selector the system-assigned identity alone is meant.
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity, "REST endpoint reference"
 */
export async function openAppService(machineResourceId: string, ports: DoorPorts): Promise<OpenDoor> {
  const app = { machineResourceId, secret: Buffer.from(ports.random.bytes(32)).toString('hex').toUpperCase() };
  const { origin, close } = await serve((request) => answer(request, app, ports));
  const endpoint = `${origin}${path}`;
  return { variables: { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: app.secret }, close };
}

async function answer(request: IncomingMessage, app: AppService, ports: DoorPorts): Promise<DoorReply> {
  const url = request.url ?? '/';
  if (pathOf(url) !== path) return refused(404, 'There is no such path.', ports);
  if (request.method !== 'GET') return refused(405, 'The endpoint is asked with GET.', ports);
  if ('x-forwarded-for' in request.headers) return refused(400, 'Forwarded requests are not accepted.', ports);
  const question = parseQuestion(url);
  if (isRefusal(question)) return refused(400, `${question.message}.`, ports);
  const header = headerOf(question.apiVersion);
  if (header === undefined) {
    return refused(
      400,
      `The api-version '${question.apiVersion}' is not supported: use 2019-08-01 or 2017-09-01.`,
      ports,
    );
  }
  const given = request.headers[header];
  if (typeof given !== 'string' || !isSameSecret(given, app.secret)) {
    return refused(401, `The header '${header}' must be the value of the environment's IDENTITY_HEADER.`, ports);
  }
  return answerToken(question, app, ports, clientRequestIdOf(request));
}

async function answerToken(
  question: DoorQuestion,
  app: AppService,
  ports: DoorPorts,
  clientRequestId: string | undefined,
): Promise<DoorReply> {
  if (!ports.isRunning(app.machineResourceId)) return refused(404, 'The machine is not running.', ports);
  const granted = await ports.tokens.tokenFor({
    ...question,
    machineResourceId: app.machineResourceId,
    path,
    clientRequestId,
    systemAssignedOnly: true,
  });
  if (isRefusal(granted)) return refused(statusOf(granted), messageOf(granted), ports);
  const { token, identity } = granted;
  const body = {
    access_token: token.accessToken,
    client_id: identity.clientId,
    expires_on: question.apiVersion === older ? formatOlderTime(token.expiresOn) : String(token.expiresOn),
    not_before: String(token.notBefore),
    resource: question.resource,
    token_type: 'Bearer',
  };
  return { status: 200, body };
}

const older = '2017-09-01';

/** The header that carries the secret, by api-version. */
function headerOf(apiVersion: string): string | undefined {
  if (apiVersion === older) return 'secret';
  return /^\d{4}-\d{2}-\d{2}$/.test(apiVersion) && apiVersion >= '2019-08-01' ? 'x-identity-header' : undefined;
}

/** 400 as in Azure, but for a denial, which Azure does not have here: as on the machine's own metadata service. */
function statusOf({ refused: code }: Refusal): number {
  return code === 'imdsAccessDenied' ? imdsErrors[code].status : 400;
}

function messageOf(refusal: Refusal): string {
  return refusal.refused === 'imdsIdentityNotFound'
    ? 'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.'
    : refusal.message;
}

/** `11/25/2026 05:12:33 +00:00`, as the older api-version writes times. */
function formatOlderTime(seconds: number): string {
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year} ${time.slice(0, 8)} +00:00`;
}

function refused(statusCode: number, message: string, { random }: DoorPorts): DoorReply {
  return { status: statusCode, body: { statusCode, message, correlationId: random.uuid() } };
}
