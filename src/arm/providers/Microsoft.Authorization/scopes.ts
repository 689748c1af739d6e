import { type Document, documentKey, type Store } from '../../../core/ports/store.ts';
import { type AccessDocumentKind, accessDocumentKind } from '../../../core/rbac/documents.ts';
import { foldId, parseResourceId } from '../../../core/resource-id.ts';

/** The scope and everything it lies in, the tenant (``) first; folded. */
export function scopesFrom(scope: string): readonly string[] {
  const segments = foldId(scope).split('/').slice(1);
  const prefixes = segments.map((_, at) => `/${segments.slice(0, at + 1).join('/')}`);
  return ['', ...prefixes.filter((prefix) => parseResourceId(prefix) !== undefined)];
}

/** The key below which a scope's own documents of a kind lie. */
export function collectionKey(scope: string, kind: AccessDocumentKind) {
  return documentKey(`${foldId(scope)}/providers/Microsoft.Authorization/${kind}`);
}

/** The documents of a kind at the scope and above it and, unless `atScope`, below it. */
export async function listFrom(
  store: Store,
  scope: string,
  kind: AccessDocumentKind,
  atScope: boolean,
): Promise<readonly Document[]> {
  const above = await Promise.all(scopesFrom(scope).map((one) => store.list(collectionKey(one, kind))));
  if (atScope) return above.flat();
  const own = `${collectionKey(scope, kind)}/`;
  const below = await store.list(documentKey(scope));
  return [...above.flat(), ...below.filter(({ key }) => accessDocumentKind(key) === kind && !key.startsWith(own))];
}
