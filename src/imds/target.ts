import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';

/** A request target, parsed: what was asked for, before anything is known about it. */
export interface Target {
  /** The decoded path segments in lower case, without a trailing slash: paths have no letter case here. */
  readonly segments: readonly string[];
  /** Decoded query parameters by lower-case name; each name occurs once. */
  readonly query: ReadonlyMap<string, string>;
}

/** The longest target that is read, in characters; resource ids and App ID URIs stay far below. */
export const targetLimit = 8192;

/**
 * Parses a request target in origin or absolute form (RFC 9112 section 3.2). Refuses `imdsParameterInvalid`: too long, not
 * percent-encoded UTF-8, a control character, a parameter that is given twice.
 */
export function parseTarget(url: string): Target | Refusal {
  if (url.length > targetLimit) {
    return refuse('imdsParameterInvalid', `The URL has ${url.length} characters; at most ${targetLimit} are accepted`);
  }
  const origin = url.replace(/^http:\/\/[^/?#]*/i, '');
  const question = origin.indexOf('?');
  const segments = parsePath(question < 0 ? origin : origin.slice(0, question));
  if (segments === undefined)
    return refuse('imdsParameterInvalid', 'The path is not percent-encoded UTF-8 without control characters');
  const query = parseQuery(question < 0 ? '' : origin.slice(question + 1));
  return isRefusal(query) ? query : { segments, query };
}

function parsePath(path: string): readonly string[] | undefined {
  const segments: string[] = [];
  for (const raw of path.replace(/^\//, '').replace(/\/$/, '').split('/')) {
    const segment = decode(raw);
    if (segment === undefined) return undefined;
    segments.push(segment.toLowerCase());
  }
  return segments;
}

function parseQuery(text: string): Map<string, string> | Refusal {
  const query = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeForm(equals < 0 ? pair : pair.slice(0, equals))?.toLowerCase();
    if (name === undefined)
      return refuse('imdsParameterInvalid', 'A query variable is not percent-encoded UTF-8 without control characters');
    const value = decodeForm(equals < 0 ? '' : pair.slice(equals + 1));
    if (value === undefined) {
      return refuse(
        'imdsParameterInvalid',
        `The query variable '${name}' is not percent-encoded UTF-8 without control characters`,
      );
    }
    if (query.has(name)) {
      return refuse('imdsParameterInvalid', `The query variable '${name}' is specified more than once`);
    }
    query.set(name, value);
  }
  return query;
}

/** In a query, `+` is a space (the form encoding that every client library writes). */
function decodeForm(text: string): string | undefined {
  return decode(text.replaceAll('+', ' '));
}

function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return hasControlCharacter(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}
