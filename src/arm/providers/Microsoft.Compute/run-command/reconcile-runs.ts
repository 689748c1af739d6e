import { documentKey } from '../../../../core/ports/store.ts';
import type { ProviderContext } from '../../../provider-contract.ts';

const types = ['virtualmachines/runcommands', 'virtualmachinescalesets/virtualmachines/runcommands'];

/** Says of each run that an earlier Postern began and did not end that it has failed: for the host's start. */
export async function reconcileRuns(context: ProviderContext): Promise<void> {
  const found = await Promise.all(
    types.map((type) => context.store.list(documentKey('/subscriptions'), { type: `microsoft.compute/${type}` })),
  );
  for (const { body } of found.flat()) {
    const { failInterrupted } = await import('./fail-interrupted.ts');
    await failInterrupted(context, body);
  }
}
