import type { JsonObject } from '../../../../core/json.ts';
import type { ScriptOutcome } from '../../../../core/ports/machine-host.ts';
import { documentKey } from '../../../../core/ports/store.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { inState, propertiesOf } from '../machine-document.ts';
import { changedMeanwhile } from '../machine-refusals.ts';
import { endedView, keepRun, openView, runIdOf } from './managed-document.ts';
import { preempted, refusalOf } from './run-refusals.ts';
import { scriptRuns } from './script-runs.ts';

/** Which run of which run command. */
interface ManagedWork {
  readonly resourceId: string;
  readonly runId: string;
}

type RunPorts = Pick<ProviderContext, 'store' | 'machineHost'>;

/** The work of a PUT: runs the script. With `asyncExecution` it is done when the script has begun. */
export async function performManaged(context: ProviderContext, input: JsonObject): Promise<Refusal | undefined> {
  const work = { resourceId: String(input['resourceId']), runId: String(input['runId']) };
  const runs = scriptRuns(context.machineHost);
  if (input['replaces'] !== undefined) await runs.end(String(input['replaces']));
  const instanceView = openView('Running', context.clock.now());
  const properties = runs.has(work.runId) ? await keepRun(context.store, work, { instanceView }) : undefined;
  const running = finish(context, work);
  if (properties?.['asyncExecution'] !== true) return running;
  await keepRun(context.store, work, { provisioningState: 'Succeeded' });
  // The operation is over; how the run ends is in its document, which the next start corrects where it could not be written.
  running.catch(() => undefined);
  return undefined;
}

async function finish({ store, machineHost, clock }: ProviderContext, work: ManagedWork): Promise<Refusal | undefined> {
  const startTime = clock.now();
  const ended = await scriptRuns(machineHost).perform(work.runId);
  const refusal = refusalOf(ended);
  const instanceView = endedView(refusal ?? (ended as ScriptOutcome), { startTime, now: clock.now() });
  const before = await keepRun(store, work, { instanceView });
  if (before === undefined) return preempted;
  const failure = refusal ?? judgeStrictly(before, instanceView);
  await keepRun(store, work, { provisioningState: failure === undefined ? 'Succeeded' : 'Failed' });
  return failure;
}

/** A script that fails is a success, save where `treatFailureAsDeploymentFailure` says otherwise. */
function judgeStrictly(properties: JsonObject, view: JsonObject): Refusal | undefined {
  if (properties['treatFailureAsDeploymentFailure'] !== true || view['executionState'] === 'Succeeded')
    return undefined;
  return refuse(
    'VMExtensionProvisioningError',
    `VM has reported a failure when processing extension 'RunCommandHandlerLinux'. Error message: "${String(view['executionMessage'])}".`,
  );
}

/** Accepts the end of a run command: its script, if it runs, is ended, and its operation canceled. 204 when there is none. */
export async function deleteRunCommand({ store }: ProviderContext, call: Call): Promise<Answer | Refusal> {
  const found = await store.get(documentKey(call.resourceId));
  if (found === undefined) return { status: 204 };
  const body = inState(found.body, 'Deleting');
  const committed = await store.transact([{ put: found.key, body, when: { etag: found.etag } }]);
  if ('conflict' in committed) return changedMeanwhile(call.resourceId);
  return { status: 202, work: 'endManaged', input: { resourceId: call.resourceId, runId: runIdOf(body) } };
}

/** The work of a DELETE. */
export async function endManaged({ store, machineHost }: RunPorts, input: JsonObject): Promise<undefined> {
  const runId = String(input['runId']);
  await scriptRuns(machineHost).end(runId);
  const found = await store.get(documentKey(String(input['resourceId'])));
  if (found === undefined || runIdOf(found.body) !== runId) return undefined;
  const committed = await store.transact([{ remove: found.key, when: { etag: found.etag } }]);
  return 'conflict' in committed ? endManaged({ store, machineHost }, input) : undefined;
}

/** Whether a document says that its run goes on. */
export function saysItRuns(body: JsonObject): boolean {
  const view = propertiesOf(body)['instanceView'] as JsonObject | undefined;
  return view?.['executionState'] === 'Pending' || view?.['executionState'] === 'Running';
}
