import type { ServicePrincipal } from '../core/ports/directory.ts';
import type { Store } from '../core/ports/store.ts';
import { type Application, applicationDocument, formatApplication } from './application.ts';
import { derivedId } from './derived-id.ts';
import type { ObjectIndex } from './object-index.ts';
import { applicationOf } from './principals.ts';

/**
 * Makes the application of each service principal that has none: the first version of the directory kept principals alone. Of
 * two processes that start at once, both make the same.
 */
export async function makeMissingApplications(
  store: Store,
  principals: readonly ServicePrincipal[],
  applications: ObjectIndex<Application>,
): Promise<void> {
  const orphans = principals.filter(
    ({ servicePrincipalType, appId }) =>
      servicePrincipalType === 'Application' && applications.byAlias(appId) === undefined,
  );
  for (const principal of orphans) {
    const application = applicationOf(principal, derivedId(`application of ${principal.objectId}`));
    const put = applicationDocument(application.objectId);
    await store.transact([{ put, body: formatApplication(application), when: { absent: true } }]);
  }
}
