import type { Json } from '../core/json.ts';

/** An answer before it is written: all that differs from one to the next. */
export interface Answer {
  readonly status: number;
  readonly contentType:
    | 'application/json; charset=utf-8'
    | 'text/plain; charset=utf-8'
    | 'application/pkix-cert'
    | undefined;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer whose body is text. */
export interface TextAnswer extends Answer {
  readonly body: string;
}

/** A JSON answer, by default 200. */
export function json(body: Json, status = 200, headers: Readonly<Record<string, string>> = {}): TextAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: toAsciiJson(body), headers };
}

/** A plain-text answer. */
export function text(body: string): TextAnswer {
  return { status: 200, contentType: 'text/plain; charset=utf-8', body };
}

/** An answer that says that it was done, and nothing more. */
export const done: TextAnswer = { status: 200, contentType: undefined, body: '' };

/** JSON whose other characters are escaped (RFC 8259 section 7), so that its length in bytes is its length. */
export function toAsciiJson(value: Json): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
