import { isJsonObject, type Json } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { ArrivingRequest } from './arriving-request.ts';

/** The largest request body in bytes. @see https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling */
export const maxBodyBytes = 4 * 1024 * 1024;

/** How deep a body's arrays and objects may nest: far above any resource, far below what a stack holds. Our own choice. */
const maxDepth = 100;

/** What the body of a GET or HEAD is, whatever it sends. */
export const noBody: { readonly json: Json | undefined } = { json: undefined };

/** The body of a request that may have one as JSON, undefined when it has none. Refuses `RequestEntityTooLarge`, `UnsupportedMediaType`, `InvalidRequestContent`. */
export async function readBody(
  request: ArrivingRequest,
  lenient = false,
): Promise<{ readonly json: Json | undefined } | Refusal> {
  const text = await readText(request);
  if (isRefusal(text)) return text;
  const strict = lenient && parseJson(text) === undefined ? await strictText(text) : text;
  return parseBody(strict, request.headers.get('content-type'), request.method);
}

/** What is written as people write JSON, as JSON; unchanged where it is neither. */
async function strictText(text: string): Promise<string> {
  const { parseLenientJson } = await import('./lenient-json.ts');
  const value = parseLenientJson(text, maxDepth);
  return value === undefined ? text : JSON.stringify(value);
}

/** Judges a body's text: JSON of a JSON type; PUT and PATCH need an object. */
export function parseBody(
  text: string,
  contentType: string | null,
  method: string,
): { readonly json: Json | undefined } | Refusal {
  const needsObject = method === 'PUT' || method === 'PATCH';
  if (text.trim() === '') {
    return needsObject
      ? refuse('InvalidRequestContent', 'The request content is missing: a JSON object is required.')
      : { json: undefined };
  }
  if (!isJsonType(contentType)) return unsupported(contentType ?? '');
  const json = parseJson(text);
  if (json === undefined) return refuse('InvalidRequestContent', invalidText(text));
  if (needsObject && !isJsonObject(json)) {
    return refuse('InvalidRequestContent', 'The request content was invalid: it must be a JSON object.');
  }
  return nestsDeeper(json, maxDepth)
    ? refuse('InvalidRequestContent', `The request content nests more than ${maxDepth} levels deep.`)
    : { json };
}

async function readText(request: ArrivingRequest): Promise<string | Refusal> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) return tooLarge();
  if (request.body === null) return '';
  const decoder = new TextDecoder('utf-8');
  let bytes = 0;
  let text = '';
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) return tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(): Refusal {
  return refuse('RequestEntityTooLarge', `The request content exceeds the maximum size of ${maxBodyBytes} bytes.`);
}

function isJsonType(contentType: string | null): boolean {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return type === '' || type === 'text/json' || type === 'text/plain' || /^application\/(.+\+)?json$/.test(type);
}

function unsupported(contentType: string): Refusal {
  return refuse(
    'UnsupportedMediaType',
    `The content media type '${contentType.split(';')[0]}' is not supported. Only 'application/json' is supported.`,
  );
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Where the JSON breaks, without quoting the body: it may hold a secret. */
function invalidText(text: string): string {
  const start = 'The request content was invalid and could not be deserialized';
  try {
    JSON.parse(text);
  } catch (error) {
    const position = /at position \d+( \(line \d+ column \d+\))?/.exec(String(error))?.[0];
    return `${start}: 'not valid JSON${position === undefined ? '' : ` ${position}`}'.`;
  }
  return `${start}.`;
}

function nestsDeeper(json: Json, levels: number): boolean {
  if (typeof json !== 'object' || json === null) return false;
  return levels === 0 || Object.values(json).some((inner) => nestsDeeper(inner, levels - 1));
}
