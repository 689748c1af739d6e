import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** A JWT taken apart; nothing in it is to be believed before its signature has been verified. */
export interface ParsedToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** The bytes that the signature is over. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Longer than any token that we issue. */
const maxLength = 16_384;

/** Takes a compact JWS (RFC 7515 section 7.1) apart; undefined when it is not one of JSON objects in plain base64url. */
export function parseToken(token: string): ParsedToken | undefined {
  if (token.length > maxLength) return undefined;
  const [header, claims, signature, ...rest] = token.split('.').map(decode);
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0) return undefined;
  const parsed = { header: parseObject(header), claims: parseObject(claims) };
  if (parsed.header === undefined || parsed.claims === undefined) return undefined;
  return {
    header: parsed.header,
    claims: parsed.claims,
    signed: token.slice(0, token.lastIndexOf('.')),
    signature,
  };
}

/** Node's decoder skips what is not base64url; one token must not have several spellings. */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function parseObject(bytes: Buffer): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
