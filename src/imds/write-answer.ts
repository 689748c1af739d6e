import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

/** The form of the names that Azure's own service answers with; clients of the newer protocol look for `IMDS` in it. */
const serverName = 'IMDS/150.870.65.1854';

/** The head of an answer as the flat list that `writeHead` takes without any conversion. `Date` is added by node:http. */
export function formatHead(answer: Answer): string[] {
  const head = answer.contentType === undefined ? [] : ['Content-Type', answer.contentType];
  head.push('Server', serverName);
  for (const [name, value] of Object.entries(answer.headers ?? {})) head.push(name, value);
  head.push('Content-Length', String(Buffer.byteLength(answer.body)));
  return head;
}

/** Writes an answer. The reason phrase is the standard one: older `az` compares it. */
export function writeAnswer(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, formatHead(answer));
  response.end(answer.body);
}
