import type { JsonObject } from '../../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { KeyRotation, KeyView } from '../../sts/keys/rotate-keys.ts';
import type { OperatorKey, OperatorKeys } from './wire.ts';

/** The signing keys, the one that signs last first. */
export async function listKeys(keys: KeyRotation): Promise<OperatorKeys> {
  return { keys: keys.keys().map(formatKey) };
}

/** Rotates the signing keys: `{ "now": true }`, `{ "revoke": true }` or neither. Refuses `InvalidParameter` and `Conflict`. */
export async function rotateKeys(keys: KeyRotation, body: JsonObject): Promise<OperatorKey | Refusal> {
  const { now = false, revoke = false, ...unknown } = body;
  const [name] = Object.keys(unknown);
  if (name !== undefined) return refuse('InvalidParameter', `A rotation has no '${name}'; it has now and revoke.`);
  if (typeof now !== 'boolean' || typeof revoke !== 'boolean') {
    return refuse('InvalidParameter', "'now' and 'revoke' are true or false.");
  }
  const key = await keys.rotate({ now, revoke });
  return isRefusal(key) ? key : formatKey(key);
}

function formatKey({ kid, state, createdAt, signsFrom, removedAt }: KeyView): OperatorKey {
  return {
    kid,
    state,
    publishedAt: new Date(createdAt).toISOString(),
    signsFrom: new Date(signsFrom).toISOString(),
    ...(removedAt === undefined ? {} : { removedAt: new Date(removedAt).toISOString() }),
  };
}
