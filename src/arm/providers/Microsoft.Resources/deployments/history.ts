import { documentKey, type Store, type Write } from '../../../../core/ports/store.ts';
import { deploymentType, hasEnded, propertiesOf } from './deployment-document.ts';

/** How many deployments a scope remembers. @see Azure Resource Manager, "Deployment history deletions": 800 */
const mostKept = 800;

/** How many are left once that is reached. */
const leftOver = 750;

/** The writes that forget a scope's oldest deployments where it has as many as it may; what goes on is not forgotten. */
export async function forgetOldest(store: Store, deploymentId: string): Promise<readonly Write[]> {
  const collection = documentKey(deploymentId.slice(0, deploymentId.lastIndexOf('/')));
  const kept = await store.list(collection, { type: deploymentType.toLowerCase() });
  if (kept.length < mostKept) return [];
  return kept
    .filter(({ body }) => hasEnded(body))
    .map(({ key, body }) => ({ key, time: String(propertiesOf(body)['timestamp']) }))
    .toSorted((a, b) => (a.time < b.time ? -1 : 1))
    .slice(0, kept.length - leftOver)
    .map(({ key }) => ({ removeTree: key }));
}
