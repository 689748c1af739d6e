import type { X509Certificate } from 'node:crypto';
import type { RawTokenRequest } from './token-request.ts';

/** Longer than any token request: an assertion with a certificate chain has 8 KB. */
const maxBytes = 65_536;

/**
 * Reads a token request's form and its HTTP Basic credentials. A body of another content type counts as empty, so that it is
 * refused for its missing `grant_type`, as Entra does.
 */
export async function readForm(
  request: Request,
  certificate: X509Certificate | undefined,
): Promise<RawTokenRequest | 'tooLarge'> {
  const text = await readText(request);
  if (text === undefined) return 'tooLarge';
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const fields = new URLSearchParams(type === 'application/x-www-form-urlencoded' ? text : '');
  const basic = parseBasic(request.headers.get('authorization'));
  return { fields, ...(basic === undefined ? {} : { basic }), ...(certificate === undefined ? {} : { certificate }) };
}

/** The body as text; undefined once it is longer than allowed, without reading the rest. */
async function readText(request: Request): Promise<string | undefined> {
  const announced = request.headers.get('content-length');
  if (Number(announced ?? 0) > maxBytes) return undefined;
  // node:http ends a body where it was announced to end, so that it need not be counted.
  if (announced !== null && request.headers.get('transfer-encoding') === null) return request.text();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** HTTP Basic with both parts form-encoded (RFC 6749 section 2.3.1); undefined when it is not that. */
function parseBasic(header: string | null): RawTokenRequest['basic'] {
  const encoded = /^basic +([a-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { clientId: decodeForm(text.slice(0, colon)), clientSecret: decodeForm(text.slice(colon + 1)) };
}

function decodeForm(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? '';
}
