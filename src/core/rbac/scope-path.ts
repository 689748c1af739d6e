import { foldId } from '../resource-id.ts';

/** A scope made ready for look-ups: folded, with a hash of it and of each of its ancestors, the tenant first. */
export interface ScopePath {
  readonly folded: string;
  /** Where each ancestor ends in `folded`, rising; the first is 0 (the tenant), the last is the scope itself. */
  readonly ends: readonly number[];
  /** The hash of `folded.slice(0, ends[i])`. */
  readonly hashes: readonly number[];
}

// FNV-1a, 32 bits: one pass over the text gives the hash of every prefix.
const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/** Takes a scope apart by whole segments, so that `/rg1` is never an ancestor of `/rg10`. */
export function toScopePath(scope: string): ScopePath {
  const folded = foldId(scope);
  const ends = [0];
  const hashes = [offsetBasis | 0];
  let hash = offsetBasis;
  for (let at = 0; at < folded.length; at += 1) {
    const code = folded.charCodeAt(at);
    if (code === 47 && at > 0) {
      ends.push(at);
      hashes.push(hash | 0);
    }
    hash = Math.imul(hash ^ code, prime);
  }
  if (folded.length > 0) {
    ends.push(folded.length);
    hashes.push(hash | 0);
  }
  return { folded, ends, hashes };
}

/** Whether `written` (any letter case) is the first `length` characters of `folded`. */
export function isWritten(written: string, folded: string, length: number): boolean {
  if (written.length !== length) return false;
  for (let at = 0; at < length; at += 1) {
    const code = written.charCodeAt(at);
    if (code > 127) return written.toLowerCase() === folded.slice(0, length);
    if ((code >= 65 && code <= 90 ? code + 32 : code) !== folded.charCodeAt(at)) return false;
  }
  return true;
}

/** How many segments two folded scopes have in common from the left. */
export function sharedSegments(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  let shared = 0;
  while (shared < left.length && left[shared] === right[shared]) shared += 1;
  return shared;
}
