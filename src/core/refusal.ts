import type { ErrorCode } from './errors.ts';
import type { Json } from './json.ts';

/**
 * An expected refusal, as a value: something was asked that is not granted. It carries what the caller may read and,
 * apart from it, what only the operator may. Each wire writes it in its own shape (`core/errors`).
 */
export interface Refusal {
  readonly refused: ErrorCode;
  /** Public: what was wrong, with which value, and what would be right. Never a secret or a token. */
  readonly message: string;
  /** What the refusal is about (ARM's `error.target`). */
  readonly target?: string;
  /** Inner refusals (ARM's `error.details`). */
  readonly details?: readonly RefusalDetail[];
  /** Headers the answer must carry beside the body, such as `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Private: for the operator's log alone. */
  readonly cause?: Json;
}

/** An inner refusal, in ARM's words; those of a deployment have inner ones of their own. */
export interface RefusalDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly RefusalDetail[];
}

/** Makes a refusal. `more` carries the optional parts. */
export function refuse(refused: ErrorCode, message: string, more: Omit<Refusal, 'refused' | 'message'> = {}): Refusal {
  return { refused, message, ...more };
}

/** Whether a result is a refusal. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
