import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Context } from 'hono';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { toEpochSeconds } from '../core/time.ts';
import type { TokenVersion } from '../core/token/audiences.ts';
import { type AnswerPorts, answerError, answerPrivately, setRequestIds } from './answer.ts';
import type { AskedAuthority } from './asked-authority.ts';
import { clientCredentials } from './grants/client-credentials.ts';
import type { Grant, GrantPorts } from './grants/grant.ts';
import { readForm } from './read-form.ts';
import { type EndpointForm, parseTokenRequest } from './token-request.ts';
import { formatTokenResponse } from './token-response.ts';

/** What the token endpoint needs. */
export interface TokenEndpointPorts extends AnswerPorts, GrantPorts {}

const grants: Readonly<Record<string, Grant>> = { client_credentials: clientCredentials };

/** Answers a token request: parsed, granted, written in the endpoint's version. */
export async function answerToken(
  c: Context,
  asked: AskedAuthority,
  version: TokenVersion,
  ports: TokenEndpointPorts,
): Promise<Response> {
  if (c.req.method !== 'POST') return answerError(c, refuseMethod(c.req.method), ports);
  const raw = await readForm(c.req.raw, clientCertificateOf(c.env));
  if (raw === 'tooLarge') return c.body(null, 413);
  const request = parseTokenRequest(raw, formOf(asked, version));
  if (isRefusal(request)) return answerError(c, request, ports);
  const token = await grants[request.grantType]?.(request, asked, ports);
  if (token === undefined) throw new Error(`the grant '${request.grantType}' was parsed but is not served`);
  if (isRefusal(token)) return answerError(c, withChallenge(token, raw.basic !== undefined), ports);
  setRequestIds(c, ports.random.uuid());
  return answerPrivately(c, formatTokenResponse(token, request, toEpochSeconds(ports.clock.now())), 200);
}

/** The certificate that the client showed on its TLS connection, whoever issued it: the listener asks for one, and takes any. */
function clientCertificateOf(connection: unknown): X509Certificate | undefined {
  const { incoming } = (connection ?? {}) as { incoming?: { socket?: Partial<TLSSocket> } };
  return incoming?.socket?.getPeerX509Certificate?.();
}

function formOf(asked: AskedAuthority, version: TokenVersion): EndpointForm {
  if (version === 2) return 'v2';
  return asked.adfs ? 'adfs' : 'v1';
}

function refuseMethod(method: string): Refusal {
  return refuse('AADSTS900561', `The endpoint only accepts POST requests. Received a ${method} request.`, {
    headers: { Allow: 'POST' },
  });
}

/** A client that tried HTTP Basic is told so when it fails (RFC 6749 section 5.2). */
function withChallenge(refusal: Refusal, usedBasic: boolean): Refusal {
  if (!usedBasic) return refusal;
  return { ...refusal, headers: { ...refusal.headers, 'WWW-Authenticate': 'Basic realm="token"' } };
}
