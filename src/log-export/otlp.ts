import type { ExportForm } from '../core/log-export/export-form.ts';
import { formatOtlpLogs, type OtlpResource } from '../core/log-export/otlp.ts';
import type { Positions } from './positions.ts';
import { ExportFailure, type Numbered, type Sink } from './sink.ts';

/** An OpenTelemetry collector, by OTLP over HTTP with JSON. */
export interface OtlpTarget {
  /** Where logs go; `/v1/logs` where it has no path. */
  readonly endpoint: string;
  /** More headers, such as a key that the collector asks for. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly resource: OtlpResource;
  /** Is told what a collector takes a request without: the specification forbids to offer that again. */
  readonly onRejected: (message: string) => void;
}

/** So many records go in one request, and so long an answer is waited for. */
const recordsAtOnce = 512;
const patienceMillis = 10_000;
const longestAnswer = 64 * 1024;

/**
 * Posts records to a collector. It alone is asked: no redirect is followed. A request that it does not take is offered again.
 * @see https://opentelemetry.io/docs/specs/otlp/ "OTLP/HTTP"
 */
export function otlpSink<Entry extends Numbered>(
  { endpoint, headers = {}, resource, onRejected }: OtlpTarget,
  form: ExportForm<Entry>,
  positions: Positions,
): Sink<Entry> {
  const url = logsUrlOf(endpoint);
  return {
    position: () => positions.load(),
    async write(entries) {
      for (let at = 0; at < entries.length; at += recordsAtOnce) {
        const some = entries.slice(at, at + recordsAtOnce);
        const logs = formatOtlpLogs(form.scope, some.map(form.formatLogRecord), resource);
        const rejected = await post(url, headers, JSON.stringify(logs), some);
        if (rejected !== '') onRejected(`${url.host} rejected ${rejected}`);
        await positions.save(some.at(-1)?.number ?? 0);
      }
    },
  };
}

/** Where a collector takes logs. @see the OTLP exporter specification, "Endpoint URLs for OTLP/HTTP" */
export function logsUrlOf(endpoint: string): URL {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = '/v1/logs';
  return url;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  entries: readonly Numbered[],
): Promise<string> {
  const answer = await send(url, headers, body);
  if (answer.status < 200 || answer.status > 299) {
    const seconds = /^\d{1,5}$/.test(answer.retryAfter ?? '') ? Number(answer.retryAfter) : undefined;
    const [first, last] = [entries[0]?.number, entries.at(-1)?.number];
    const message = `${url.host} answered ${answer.status} to records ${first} to ${last}`;
    throw new ExportFailure(message, seconds === undefined ? undefined : seconds * 1000);
  }
  return rejectedIn(answer.body);
}

/** What a collector says that it has not taken, of a request that it took. @see the same, "Partial Success" */
function rejectedIn(body: string): string {
  try {
    const { partialSuccess } = JSON.parse(body) as {
      readonly partialSuccess?: { readonly rejectedLogRecords?: string | number; readonly errorMessage?: string };
    };
    const count = Number(partialSuccess?.rejectedLogRecords ?? 0);
    return count > 0 ? `${count} records: ${partialSuccess?.errorMessage ?? ''}` : '';
  } catch {
    return '';
  }
}

function send(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
  const { request } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      timeout: patienceMillis,
      headers: { ...headers, 'content-type': 'application/json' },
    };
    const asking = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= longestAnswer) chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers: answered } = response;
        resolve({ status: statusCode, retryAfter: answered['retry-after'], body: Buffer.concat(chunks).toString() });
      });
    });
    asking.on('timeout', () => asking.destroy(new ExportFailure(`${url.host} did not answer in time`)));
    asking.on('error', (error) =>
      reject(
        error instanceof ExportFailure ? error : new ExportFailure(`${url.host} cannot be asked: ${error.message}`),
      ),
    );
    asking.end(body);
  });
}
