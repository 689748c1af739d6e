import { isJsonObject, type Json } from '../../../../core/json.ts';
import type { Document } from '../../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import { invalid } from './set-request.ts';

/**
 * The instances that a body's `instanceIds` names among those of a set: all of them by `*`, and without a list unless one is
 * required. Refuses `InvalidParameter` for a number that none has; the wording is Azure's.
 */
export function parseInstanceIds(
  body: Json | undefined,
  instances: readonly Document[],
  { required = false }: { readonly required?: boolean } = {},
): readonly Document[] | Refusal {
  const ids = isJsonObject(body) ? (body['instanceIds'] ?? undefined) : undefined;
  if (ids === undefined && !required) return instances;
  if (!Array.isArray(ids) || ids.length === 0 || !ids.every((id) => typeof id === 'string')) {
    return invalid('instanceIds', "it must be a list of instance ids, or of '*' alone");
  }
  if (ids.includes('*')) return instances;
  const wanted = new Set(ids as readonly string[]);
  const found = instances.filter((instance) => wanted.has(String(instance.body['instanceId'])));
  if (found.length === wanted.size) return found;
  const missing = [...wanted].find((id) => !found.some(({ body: instance }) => instance['instanceId'] === id));
  return refuse(
    'InvalidParameter',
    `The provided instanceId ${missing} is not an active Virtual Machine Scale Set VM instanceId.`,
    { target: 'instanceIds' },
  );
}
