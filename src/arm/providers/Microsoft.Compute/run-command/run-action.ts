import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import type { MachineScript, ScriptOutcome } from '../../../../core/ports/machine-host.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call, ProviderContext } from '../../../provider-contract.ts';
import { machineKey, stateOf } from '../machine-document.ts';
import { beingDeleted, machineNotFound } from '../machine-refusals.ts';
import { findBuiltIn, linuxCommandIds } from './built-in-commands.ts';
import { machineNotRunning, refusalOf, runInProgress } from './run-refusals.ts';
import { scriptRuns } from './script-runs.ts';
import { normalizeScript } from './script-text.ts';
import { malformed, parseValues } from './script-values.ts';

/** Azure's limits of the action. @see https://learn.microsoft.com/azure/virtual-machines/linux/run-command "Restrictions" */
const limits = { timeoutSeconds: 90 * 60, keptBytes: 4096 } as const;

/**
 * Accepts the action `runCommand`: a script for a machine that runs, as root. Refuses `ResourceNotFound`, `InvalidParameter`,
 * `OperationNotAllowed`, and `Conflict` while another one is under way.
 * @see Microsoft.Compute 2024-11-01, VirtualMachines_RunCommand
 */
export async function acceptRun(
  { store, machineHost, random }: ProviderContext,
  call: Call,
): Promise<Answer | Refusal> {
  const found = await store.get(machineKey(call.resourceId));
  if (found === undefined) return machineNotFound(call.resourceId);
  if (stateOf(found.body) === 'Deleting') return beingDeleted(call.resourceId);
  const script = parseRunRequest(call.body);
  if (isRefusal(script)) return script;
  const machineId = String(found.body['id']);
  if (machineHost.running(machineId) === undefined) return machineNotRunning;
  const runs = scriptRuns(machineHost);
  if (runs.isBusy(machineId)) return runInProgress;
  const runId = random.uuid();
  runs.accept({ runId, machineId, script, alone: true });
  return { status: 202, work: 'runScript', input: { runId } };
}

/** The work of the action. Whatever the script exits with, it has been run: the result says so and shows its output. */
export async function performRun({ machineHost }: ProviderContext, { runId }: JsonObject): Promise<Refusal | Json> {
  const ended = await scriptRuns(machineHost).perform(String(runId));
  const refusal = refusalOf(ended);
  if (refusal !== undefined) return refusal;
  const outcome = ended as ScriptOutcome;
  return outcome.end === 'timedOut' ? timedOut : { value: [formatResult(outcome)] };
}

const timedOut = refuse(
  'VMExtensionProvisioningTimeout',
  `Provisioning of VM extension RunCommandLinux has timed out. The script ran longer than ${limits.timeoutSeconds / 60} minutes and was ended.`,
);

/** @see Azure/run-command-extension-linux, cmds.go: the agent reports success whatever the exit status is */
function formatResult({ output, error }: ScriptOutcome): JsonObject {
  return {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: `Enable succeeded: \n[stdout]\n${output}\n[stderr]\n${error}`,
  };
}

function parseRunRequest(body: Json | undefined): MachineScript | Refusal {
  if (!isJsonObject(body)) return malformed('runCommandInput', 'the body must be an object with a commandId');
  const text = parseLines(body);
  const values = parseValues(body['parameters']);
  if (isRefusal(text)) return text;
  return isRefusal(values) ? values : { text, user: 'root', ...values, ...limits };
}

/** Without lines of the caller's a command runs its own script, `RunShellScript` its sample, as in Azure. */
function parseLines({ commandId, script }: JsonObject): string | Refusal {
  const command = typeof commandId === 'string' ? findBuiltIn(commandId) : undefined;
  if (command === undefined || command.osType !== 'Linux') {
    const known = linuxCommandIds.join("', '");
    return malformed('commandId', `a Linux machine runs '${known}', and not '${String(commandId ?? '')}'`);
  }
  const lines = script ?? [];
  if (!Array.isArray(lines) || lines.some((line) => typeof line !== 'string')) {
    return malformed('script', 'it must be a list of strings');
  }
  const own = lines.length > 0 && command.id === 'RunShellScript' ? (lines as readonly string[]) : command.script;
  return normalizeScript(own.join('\n'), 'script');
}
