import type { Json } from '../../../json.ts';
import { decodeBase64, decodeUtf8, encodeBase64 } from '../base64.ts';
import { anything, type Fault, fault, nullable, takes, text } from '../define.ts';
import { parseJson } from '../json-text.ts';

const word = nullable(text);

/**
 * Messages do not repeat what they refuse, as it may be a secret or carry one (a URI's signature).
 * @see Azure Resource Manager, "String functions for ARM templates": those that write texts in other ways
 */
export const encodingFunctions = {
  base64: takes([word], (of) => encodeBase64(of ?? '')),
  base64ToJson: takes([text], (of) => {
    const bytes = decodeBase64(of);
    const parsed = bytes && parseJson(decodeUtf8(bytes));
    return parsed === undefined ? fault('the parameter must be JSON in base64') : parsed.value;
  }),
  base64ToString: takes([text], (of) => {
    const bytes = decodeBase64(of);
    return bytes === undefined ? fault('the provided value cannot be decoded from base64') : decodeUtf8(bytes);
  }),
  dataUri: takes([anything], dataUri),
  dataUriToString: takes([text], dataUriToString),
  uri: takes([word, word], (base, relative) => {
    const joined = URL.canParse(base ?? '') ? URL.parse(relative ?? '', base ?? '') : null;
    return joined?.href ?? fault('the base must be an absolute URI, and together with the relative one make a URI');
  }),
  uriComponent: takes([text], uriComponent),
  uriComponentToString: takes([text], unescaped),
};

/** What RFC 3986 leaves bare stays bare; the rest is escaped, as .NET's `Uri.EscapeDataString` does. */
function uriComponent(of: string): string {
  return encodeURIComponent(of.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A plus is a space, as .NET's `HttpUtility.UrlDecode` has it; what is no escape stays. */
function unescaped(of: string): string {
  return of.replaceAll('+', ' ').replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = run.slice(1).split('%');
    return decodeUtf8(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)));
  });
}

function dataUri(value: Json): string {
  const written = typeof value === 'string' || value === null;
  const content = written ? (value ?? '') : JSON.stringify(value);
  return `data:${written ? 'text/plain' : 'application/json'};charset=utf8;base64,${encodeBase64(content)}`;
}

/** Takes what `dataUri` makes and RFC 2397's other forms; Azure refuses charsets but UTF-8, and what has empty parameters. */
function dataUriToString(of: string): string | Fault {
  const [, metadata, data = ''] = /^data:([^,]*),([\s\S]*)$/i.exec(of) ?? [];
  const [type = '', ...parameters] = metadata?.split(';') ?? [];
  const encoded = parameters.at(-1)?.toLowerCase() === 'base64';
  const bare = type === '' && parameters.length > 0 && !(encoded && parameters.length === 1);
  const bytes = encoded ? decodeBase64(data) : new TextEncoder().encode(unescaped(data));
  if (metadata === undefined || bare || parameters.includes('') || bytes === undefined) {
    return fault('the parameter must be formatted as a valid data URI');
  }
  const charset = /^charset=(.*)$/i.exec(parameters[0] ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return decodeUtf8(bytes);
  return fault(`the provided charset '${charset}' is not supported`);
}
