import { isJsonObject, type JsonObject } from '../json.ts';
import { parseResourceId } from '../resource-id.ts';

/** What a management lock keeps from happening: deletion, or any change. */
export type LockLevel = 'CanNotDelete' | 'ReadOnly';

/** A management lock: it holds for its scope and everything below. */
export interface Lock {
  readonly id: string;
  /** What is locked, as written when the lock was made. */
  readonly scope: string;
  readonly level: LockLevel;
}

/** The store's word for the type of a lock, folded. */
export const lockType = 'microsoft.authorization/locks';

/** Whether a store key addresses a lock. */
export function isLockKey(key: string): boolean {
  return /\/providers\/microsoft\.authorization\/locks\/[^/]+$/.test(key);
}

/** Reads a stored lock; undefined when it is not one. */
export function parseLock(body: JsonObject): Lock | undefined {
  const id = typeof body['id'] === 'string' ? body['id'] : '';
  const scope = parseResourceId(id)?.provider?.scope;
  const level = isJsonObject(body['properties']) ? body['properties']['level'] : undefined;
  if (scope === undefined || (level !== 'CanNotDelete' && level !== 'ReadOnly')) return undefined;
  return { id, scope, level };
}
