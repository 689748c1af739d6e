import type { ServicePrincipal } from '../core/ports/directory.ts';
import type { Store } from '../core/ports/store.ts';
import { formatPrincipal, parsePrincipal, principalDocument } from './principal-document.ts';
import type { PrincipalChange } from './principals.ts';

/**
 * Changes a stored principal, on top of whatever else is changed at the same time: a lost race is run again. Undefined when
 * there is no such principal.
 */
export async function updatePrincipal(
  store: Store,
  objectId: string,
  change: PrincipalChange,
): Promise<ServicePrincipal | undefined> {
  const key = principalDocument(objectId);
  for (;;) {
    const document = await store.get(key);
    if (document === undefined) return undefined;
    const principal = parsePrincipal(document.body);
    const changed = change(principal);
    if (changed === principal) return principal;
    const committed = await store.transact([
      { put: key, body: formatPrincipal(changed), when: { etag: document.etag } },
    ]);
    if (!('conflict' in committed)) return changed;
  }
}
