import { randomUUID } from 'node:crypto';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { text } from 'node:stream/consumers';

/** An answer whose status the source accepts. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

/** One request of the source. `headers` come besides those that every client of the module sends. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  /** The statuses that the generated client takes for success; another one is its exception. */
  readonly accepts: readonly number[];
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the source throws for a status that it does not accept. */
export class Unaccepted extends Error {
  readonly answer: Answer;

  constructor({ method, url }: Call, answer: Answer) {
    super(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.answer = answer;
  }
}

/** The form of what `AzurePSCmdlet.cs` adds to the product names of the .NET runtime; the numbers are examples. */
const userAgent =
  'FxVersion/8.0.0 OSName/Linux OSVersion/6.8.0 AzurePowershell/v14.0.0 PSVersion/v7.5.0 Az.Accounts/5.0.0';

/**
 * Sends a call as a generated client of the source does: no Accept header, the language, a request id of its own, and the
 * path as it is, with its double slash where a scope that begins with one follows the base address.
 */
export async function send(call: Call): Promise<Answer> {
  const written = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers = {
    'User-Agent': userAgent,
    'x-ms-client-request-id': randomUUID(),
    'accept-language': 'en-US',
    ...(call.token === undefined ? {} : { Authorization: `Bearer ${call.token}` }),
    ...(written === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    ...call.headers,
  };
  const answer = await exchange(call, headers, written);
  if (!call.accepts.includes(answer.status)) throw new Unaccepted(call, answer);
  return answer;
}

function exchange(
  { method, url }: Call,
  headers: Readonly<Record<string, string>>,
  written: string | undefined,
): Promise<Answer> {
  const request = url.startsWith('https:') ? secure : plain;
  return new Promise((done, fail) => {
    const sent = request(url, { method, headers }, (response) => {
      text(response).then(
        (received) => done({ status: response.statusCode ?? 0, headers: response.headers, body: parseBody(received) }),
        fail,
      );
    });
    sent.once('error', fail);
    sent.end(written);
  });
}

function parseBody(received: string): unknown {
  return received.trim() === '' ? undefined : JSON.parse(received);
}
