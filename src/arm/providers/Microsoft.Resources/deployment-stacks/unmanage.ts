import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import type { ActionOnUnmanage } from '../../../../core/stacks/action-on-unmanage.ts';
import type { Behalf, InnerDoor } from '../../../provider-contract.ts';
import { anyVersion } from './deploy-as-stack.ts';

/** What became of what a stack was to delete. */
export interface Deletions {
  readonly deleted: readonly string[];
  /** Of types that cannot be deleted, where the stack lets go of such. */
  readonly detached: readonly string[];
  readonly failed: readonly { readonly id: string; readonly refusal: Refusal }[];
}

/** What says that something is gone already: it, or the group that it lay in. */
const gone = ['ResourceNotFound', 'ResourceGroupNotFound', 'ParentResourceNotFound', 'NotFound'];

/** Deletes through the front door, again what failed for as long as others went: something may have held it. */
export async function deleteUnmanaged(
  inner: InnerDoor,
  behalf: Behalf,
  ids: readonly string[],
  { resourcesWithoutDeleteSupport }: ActionOnUnmanage,
): Promise<Deletions> {
  const deleted: string[] = [];
  const detached: string[] = [];
  let left = ids;
  let failed: Deletions['failed'] = [];
  do {
    left = failed.length === 0 ? left : failed.map(({ id }) => id);
    const failures: { readonly id: string; readonly refusal: Refusal }[] = [];
    for (const id of left) {
      const outcome = await inner.ask(behalf, { method: 'DELETE', path: id, apiVersion: anyVersion });
      if (!isRefusal(outcome) || gone.includes(outcome.refused)) deleted.push(id);
      else if (outcome.refused === 'HttpMethodNotAllowed' && resourcesWithoutDeleteSupport === 'detach')
        detached.push(id);
      else failures.push({ id, refusal: outcome });
    }
    failed = failures;
  } while (failed.length > 0 && failed.length < left.length);
  return { deleted, detached, failed };
}
