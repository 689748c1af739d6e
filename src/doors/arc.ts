import type { IncomingMessage } from 'node:http';
import { type ImdsErrorCode, imdsErrors } from '../core/errors/imds.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { toEpochSeconds } from '../core/time.ts';
import { prepareFolder, writeChallenge } from './challenge-folder.ts';
import type { DoorPorts, OpenDoor } from './door.ts';
import { type DoorReply, serve } from './listen.ts';
import { clientRequestIdOf, type DoorQuestion, parseQuestion, pathOf } from './question.ts';
import { isSameSecret } from './same-secret.ts';

const path = '/metadata/identity/oauth2/token';

/** How long a challenge may be answered, in milliseconds; how many may wait at once. Our own choice. */
const patienceMillis = 60_000;
const maxWaiting = 64;

/** A challenge that was given and not yet answered. */
interface Challenge {
  readonly secret: string;
  readonly until: number;
  readonly remove: () => Promise<void>;
}

/**
 * Azure Arc's endpoint for a machine: who asks must read a file that only the owner of the process may read, and send what is
 * in it. A challenge is answered once, within a minute.
 * @see https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export async function openArc(machineResourceId: string, ports: DoorPorts): Promise<OpenDoor | Refusal> {
  const unusable = await prepareFolder(ports.tokensFolder);
  if (unusable !== undefined) return unusable;
  const waiting = new Map<string, Challenge>();
  const { origin, close } = await serve((request) => answer(request, { machineResourceId, waiting }, ports));
  return {
    variables: { IDENTITY_ENDPOINT: `${origin}${path}`, IMDS_ENDPOINT: origin },
    close: async () => {
      await close();
      await Promise.all([...waiting.values()].map(({ remove }) => remove()));
    },
  };
}

interface Arc {
  readonly machineResourceId: string;
  readonly waiting: Map<string, Challenge>;
}

async function answer(request: IncomingMessage, arc: Arc, ports: DoorPorts): Promise<DoorReply> {
  const url = request.url ?? '/';
  if (pathOf(url)?.toLowerCase() !== path) return refused(refuse('imdsNotFound', 'There is no such path'));
  if (request.method !== 'GET') return refused(refuse('imdsMethodNotAllowed', 'This endpoint accepts GET only'));
  if ('x-forwarded-for' in request.headers) {
    return refused(refuse('imdsForwarded', "Requests with the header 'X-Forwarded-For' are not accepted"));
  }
  if (String(request.headers['metadata']).toLowerCase() !== 'true') {
    return refused(refuse('imdsMetadataHeaderMissing', 'Required metadata header not specified'));
  }
  const question = parseQuestion(url);
  if (isRefusal(question)) return refused(question);
  const given = /^basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined || !(await takeChallenge(given, arc, ports))) return challenge(arc, ports);
  return answerToken(question, arc, ports, clientRequestIdOf(request));
}

/** Writes a challenge and names its file: clients split the header at its first `=`, so the path is not quoted. */
async function challenge({ waiting }: Arc, { clock, random, tokensFolder }: DoorPorts): Promise<DoorReply> {
  for (const [name, { until, remove }] of waiting) {
    if (until > clock.now() && waiting.size < maxWaiting) break;
    waiting.delete(name);
    await remove();
  }
  const unusable = await prepareFolder(tokensFolder);
  if (unusable !== undefined) return refused(refuse('imdsUnknown', unusable.message));
  const name = `${random.uuid()}.key`;
  const secret = Buffer.from(random.bytes(32)).toString('base64url');
  const remove = await writeChallenge(tokensFolder, name, secret);
  waiting.set(name, { secret, until: clock.now() + patienceMillis, remove });
  const body = {
    error: 'unauthorized_client',
    error_description: 'Authorization header is missing or not the challenge',
  };
  return { status: 401, body, headers: { 'WWW-Authenticate': `Basic realm=${tokensFolder}/${name}` } };
}

/** Whether this answers a challenge, which then is gone. */
async function takeChallenge(given: string, { waiting }: Arc, { clock }: DoorPorts): Promise<boolean> {
  for (const [name, { secret, until, remove }] of waiting) {
    if (!isSameSecret(given, secret)) continue;
    waiting.delete(name);
    await remove();
    return until > clock.now();
  }
  return false;
}

/** The answer is IMDS's, with the selector that was asked for: clients check that it comes back. */
async function answerToken(
  question: DoorQuestion,
  { machineResourceId }: Arc,
  ports: DoorPorts,
  clientRequestId: string | undefined,
): Promise<DoorReply> {
  if (!ports.isRunning(machineResourceId)) return refused(refuse('imdsNotFound', 'The machine is not running'));
  const granted = await ports.tokens.tokenFor({ ...question, machineResourceId, path, clientRequestId });
  if (isRefusal(granted)) return refused(granted);
  const { token, identity } = granted;
  const { clientId, objectId, msiResId } = question.selectors;
  const body = {
    access_token: token.accessToken,
    client_id: clientId ?? identity.clientId,
    expires_in: String(token.expiresOn - toEpochSeconds(ports.clock.now())),
    expires_on: String(token.expiresOn),
    ext_expires_in: '86399',
    ...(msiResId === undefined ? {} : { msi_res_id: msiResId }),
    not_before: String(token.notBefore),
    ...(objectId === undefined ? {} : { object_id: objectId }),
    resource: question.resource,
    token_type: 'Bearer',
  };
  return { status: 200, body };
}

/** A refusal in the shape of the identity endpoints; the token service's own codes are `invalid_resource`. */
function refused({ refused: code, message }: Refusal): DoorReply {
  const wire = code in imdsErrors ? imdsErrors[code as ImdsErrorCode] : { status: 400, error: 'invalid_resource' };
  return { status: wire.status, body: { error: wire.error, error_description: message } };
}
