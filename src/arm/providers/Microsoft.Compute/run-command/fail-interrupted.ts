import type { JsonObject } from '../../../../core/json.ts';
import type { ProviderContext } from '../../../provider-contract.ts';
import { endedView, keepRun, runIdOf } from './managed-document.ts';
import { saysItRuns } from './perform-managed.ts';
import { interrupted } from './run-refusals.ts';
import { scriptRuns } from './script-runs.ts';

/** Writes that a run has failed whose document says that it runs, where nothing of this process runs it. */
export async function failInterrupted(
  { store, machineHost, clock }: ProviderContext,
  document: JsonObject,
): Promise<void> {
  const run = { resourceId: String(document['id']), runId: runIdOf(document) };
  if (!saysItRuns(document) || scriptRuns(machineHost).has(run.runId)) return;
  const now = clock.now();
  const instanceView = endedView(interrupted, { startTime: now, now });
  await keepRun(store, run, { instanceView, provisioningState: 'Failed' });
}
