import type { IncomingMessage } from 'node:http';
import { type Refusal, refuse } from '../core/refusal.ts';

/** The longest body that is read, in bytes: a certificate request with an attestation has about 12 KB. */
export const bodyLimit = 65_536;

/** Reads a body as UTF-8. Refuses `imdsBodyInvalid` when it is longer or something else. */
export async function readBody(request: IncomingMessage): Promise<string | Refusal> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // To stop reading must not end the connection, on which the refusal is still to be written.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > bodyLimit) return refuse('imdsBodyInvalid', `The body has more than ${bodyLimit} bytes`, close);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return refuse('imdsBodyInvalid', 'The body is not UTF-8');
  }
}

const close = { headers: { Connection: 'close' } };
