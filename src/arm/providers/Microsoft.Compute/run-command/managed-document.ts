import type { JsonObject } from '../../../../core/json.ts';
import type { ScriptOutcome } from '../../../../core/ports/machine-host.ts';
import { type Document, documentKey, type Store } from '../../../../core/ports/store.ts';
import type { Refusal } from '../../../../core/refusal.ts';
import { type EpochMillis, formatArmTime } from '../../../../core/time.ts';
import { propertiesOf } from '../machine-document.ts';

/** How a run goes, as its instance view says it. @see Microsoft.Compute 2024-11-01, `ExecutionState` */
export type ExecutionState = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'TimedOut' | 'Canceled';

/** The machine that a run command belongs to, by the command's id. */
export function machineIdOf(runCommandId: string): string {
  return runCommandId.replace(/\/runCommands(\/[^/]*)?$/i, '');
}

/** Names the run that a document tells of; changes with each. */
export function runIdOf(body: JsonObject): string {
  return String(propertiesOf(body)['runId']);
}

/** A stored run command as it is answered: the instance view only when it is asked for. */
export function showRunCommand({ body }: Pick<Document, 'body'>, expanded: boolean): JsonObject {
  const { runId: _, instanceView, ...properties } = propertiesOf(body);
  return { ...body, properties: { ...properties, ...(expanded && instanceView ? { instanceView } : {}) } };
}

/** An instance view of a run that is not over. */
export function openView(executionState: ExecutionState, startTime?: EpochMillis): JsonObject {
  const started = startTime === undefined ? {} : { startTime: formatArmTime(startTime) };
  return { executionState, executionMessage: '', exitCode: 0, output: '', error: '', ...started, statuses: [] };
}

/** The instance view of a run that is over. */
export function endedView(
  ended: ScriptOutcome | Refusal,
  { startTime, now }: { readonly startTime: EpochMillis; readonly now: EpochMillis },
): JsonObject {
  const times = { startTime: formatArmTime(startTime), endTime: formatArmTime(now), statuses: [] };
  if ('refused' in ended) {
    const executionState = ended.refused === 'OperationPreempted' ? 'Canceled' : 'Failed';
    return { executionState, executionMessage: ended.message, exitCode: -1, output: '', error: '', ...times };
  }
  const { exitCode, output, error } = ended;
  return { ...judgeOutcome(ended), exitCode, output, error, ...times };
}

function judgeOutcome({ end, exitCode }: ScriptOutcome): JsonObject {
  if (end === 'timedOut') {
    return { executionState: 'TimedOut', executionMessage: 'Execution timed out: the script was ended' };
  }
  if (exitCode === 0) return { executionState: 'Succeeded', executionMessage: 'Execution completed' };
  const executionMessage = `Execution failed: failed to execute command: command terminated with exit status=${exitCode}`;
  return { executionState: 'Failed', executionMessage };
}

/**
 * Changes what a document says of a run. Answers its properties, or undefined where it is gone or tells of a newer run by now:
 * then nothing is written.
 */
export async function keepRun(
  store: Store,
  run: { readonly resourceId: string; readonly runId: string },
  change: JsonObject,
): Promise<JsonObject | undefined> {
  const found = await store.get(documentKey(run.resourceId));
  if (found === undefined || runIdOf(found.body) !== run.runId) return undefined;
  const properties = { ...propertiesOf(found.body), ...change };
  const put = { put: found.key, body: { ...found.body, properties }, when: { etag: found.etag } };
  const committed = await store.transact([put]);
  return 'conflict' in committed ? keepRun(store, run, change) : properties;
}
