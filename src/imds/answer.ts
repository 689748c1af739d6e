import type { Json } from '../core/json.ts';

/** An answer before it is written: all that differs from one to the next. */
export interface Answer {
  readonly status: number;
  readonly contentType: 'application/json; charset=utf-8' | 'text/plain; charset=utf-8';
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON answer, by default 200. */
export function json(body: Json, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, contentType: 'application/json; charset=utf-8', body: toAsciiJson(body), headers };
}

/** A plain-text answer. */
export function text(body: string): Answer {
  return { status: 200, contentType: 'text/plain; charset=utf-8', body };
}

/** JSON whose other characters are escaped (RFC 8259 section 7), so that its length in bytes is its length. */
export function toAsciiJson(value: Json): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
