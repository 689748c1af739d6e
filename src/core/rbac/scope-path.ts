import type { ScopeHierarchy } from '../ports/scope-hierarchy.ts';
import { rememberObjects } from '../remember.ts';
import { foldId } from '../resource-id.ts';

/**
 * A scope made ready for look-ups: folded, with a hash of it and of each of its ancestors. Step 0 is the tenant, then come the
 * management groups from the root on, then the scope's own segments; the last step is the scope itself.
 */
export interface ScopePath {
  readonly folded: string;
  /** What lies above `folded` and is no part of it, the tenant first: the texts of the first steps. */
  readonly above: readonly string[];
  /** How long each step's text is; the text itself is `textAt(path, step)`. */
  readonly ends: readonly number[];
  /** The hash of each step's text. */
  readonly hashes: readonly number[];
}

// FNV-1a, 32 bits: one pass over the text gives the hash of every prefix.
const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/** What lies above a scope, ready to begin a path with. */
interface Above {
  readonly texts: readonly string[];
  readonly ends: readonly number[];
  readonly hashes: readonly number[];
}

const tenantAlone: Above = { texts: [''], ends: [0], hashes: [offsetBasis | 0] };

/** A line of ancestors lives until the hierarchy changes, and begins the paths of all that is below it. */
const aboveOf = rememberObjects((ancestors: readonly string[]): Above => {
  const texts = ancestors.map(foldId).toReversed();
  if (texts.length < 2) return tenantAlone;
  return { texts, ends: texts.map((text) => text.length), hashes: texts.map(hashOf) };
});

/** Takes a scope apart by whole segments, so that `/rg1` is never an ancestor of `/rg10`, and puts its ancestors before. */
export function toScopePath(scope: string, hierarchy?: Pick<ScopeHierarchy, 'ancestorsOf'>): ScopePath {
  const folded = foldId(scope);
  const above = hierarchy === undefined ? tenantAlone : aboveOf(hierarchy.ancestorsOf(scope));
  const ends = above.ends.slice();
  const hashes = above.hashes.slice();
  let hash = offsetBasis;
  let slashes = 0;
  for (let at = 0; at < folded.length; at += 1) {
    const code = folded.charCodeAt(at);
    if (code === 47) slashes += 1;
    // A scope's segments come in pairs, `/type/name`: what ends within a pair is no scope.
    if (code === 47 && at > 0 && slashes % 2 === 1) {
      ends.push(at);
      hashes.push(hash | 0);
    }
    hash = Math.imul(hash ^ code, prime);
  }
  if (folded.length > 0) {
    ends.push(folded.length);
    hashes.push(hash | 0);
  }
  return { folded, above: above.texts, ends, hashes };
}

/** The text whose first `ends[step]` characters are the scope of a step, folded. */
export function textAt({ above, folded }: ScopePath, step: number): string {
  return above[step] ?? folded;
}

function hashOf(text: string): number {
  let hash = offsetBasis;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), prime);
  return hash | 0;
}

const container = /^\/(?:subscriptions|providers\/microsoft\.management\/managementgroups)\/[^/]+/i;

/** What a role assignment at the scope counts against: its subscription or its management group, folded; else the tenant (``). */
export function countedAt(scope: string): string {
  return container.exec(scope)?.[0].toLowerCase() ?? '';
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
