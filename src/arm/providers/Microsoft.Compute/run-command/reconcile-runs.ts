import { documentKey } from '../../../../core/ports/store.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { endedView, keepRun, runIdOf } from './managed-document.ts';
import { saysItRuns } from './perform-managed.ts';
import { interrupted } from './run-refusals.ts';
import { scriptRuns } from './script-runs.ts';

const types = ['virtualmachines/runcommands', 'virtualmachinescalesets/virtualmachines/runcommands'];

/** Says of each run that an earlier Postern began and did not end that it has failed: for the host's start. */
export async function reconcileRuns({ store, machineHost, clock }: ProviderContext): Promise<void> {
  const runs = scriptRuns(machineHost);
  const found = await Promise.all(
    types.map((type) => store.list(documentKey('/subscriptions'), { type: `microsoft.compute/${type}` })),
  );
  for (const { body } of found.flat()) {
    const run = { resourceId: String(body['id']), runId: runIdOf(body) };
    if (!saysItRuns(body) || runs.has(run.runId)) continue;
    const now = clock.now();
    const instanceView = endedView(interrupted, { startTime: now, now });
    await keepRun(store, run, { instanceView, provisioningState: 'Failed' });
  }
}
