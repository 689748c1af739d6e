import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import type { MachineScript } from '../../../../core/ports/machine-host.ts';
import { isRefusal, type Refusal } from '../../../../core/refusal.ts';
import { partOf } from '../machine-properties.ts';
import { findBuiltIn, linuxCommandIds } from './built-in-commands.ts';
import { normalizeScript } from './script-text.ts';
import { malformed, parseValues } from './script-values.ts';

/** A run command as its properties ask for it: what is kept of them, and the script that they come to. */
export interface ManagedRun {
  /** Without secrets and without what only the machine says. */
  readonly kept: JsonObject;
  readonly script: MachineScript;
}

/** What a run command does that does not say how long, in seconds: as long as the action. */
const defaultTimeoutSeconds = 90 * 60;
/** Timers of 2^31 milliseconds and more end at once. */
const longestTimeoutSeconds = 2_000_000;
/** Of each stream, in bytes. @see https://learn.microsoft.com/azure/virtual-machines/linux/run-command-managed */
const keptBytes = 4096;

const secret = ['protectedParameters', 'runAsPassword'];
const readOnly = ['instanceView', 'provisioningState', 'runId'];
const remote = ['outputBlobUri', 'errorBlobUri', 'outputBlobManagedIdentity', 'errorBlobManagedIdentity'];

/** Reads the `properties` of a run command. Refuses `InvalidParameter`. */
export function parseManagedRun(properties: Json | undefined): ManagedRun | Refusal {
  if (!isJsonObject(properties)) return malformed('properties', 'it must be an object with a source');
  const text = parseSource(partOf(properties, 'source'));
  const values = parseValues(properties['parameters'], properties['protectedParameters']);
  const timeoutSeconds = parseTimeout(properties['timeoutInSeconds']);
  const user = properties['runAsUser'] ?? '';
  const refused = [text, values, timeoutSeconds, judgeFlags(properties), judgeRemote(properties)].find(isRefusal);
  if (refused !== undefined) return refused;
  if (typeof user !== 'string') return malformed('runAsUser', 'it must be a string');
  const kept = Object.entries(properties).filter(([name]) => !secret.includes(name) && !readOnly.includes(name));
  const flags = { asyncExecution: false, treatFailureAsDeploymentFailure: false };
  return {
    kept: { ...flags, ...Object.fromEntries(kept), timeoutInSeconds: timeoutSeconds as number },
    script: {
      text: text as string,
      user: user === '' ? 'root' : user,
      ...(values as Exclude<typeof values, Refusal>),
      timeoutSeconds: timeoutSeconds as number,
      keptBytes,
    },
  };
}

/** The script itself, or a built-in command's. */
function parseSource(source: JsonObject): string | Refusal {
  const { script, commandId } = source;
  const elsewhere = ['scriptUri', 'galleryScriptReferenceId'].find((name) => isGiven(source[name]));
  if (elsewhere !== undefined) {
    return malformed(`source.${elsewhere}`, 'Postern fetches no script; send the script itself as source.script');
  }
  if (typeof script === 'string' && script !== '') return normalizeScript(script, 'source.script');
  if (!isGiven(commandId)) return malformed('source', 'it must have a script, as one string, or a commandId');
  const command = findBuiltIn(String(commandId));
  if (command?.osType === 'Linux') return command.script.join('\n');
  return malformed('source.commandId', `a Linux machine runs '${linuxCommandIds.join("', '")}'`);
}

function parseTimeout(value: Json | undefined): number | Refusal {
  if (value === undefined || value === null || value === 0) return defaultTimeoutSeconds;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= longestTimeoutSeconds) return value;
  return malformed('timeoutInSeconds', `it must be a whole number from 1 to ${longestTimeoutSeconds}`);
}

function judgeFlags(properties: JsonObject): Refusal | undefined {
  const flags = ['asyncExecution', 'treatFailureAsDeploymentFailure'];
  const wrong = flags.find((name) => isGiven(properties[name]) && typeof properties[name] !== 'boolean');
  return wrong === undefined ? undefined : malformed(wrong, 'it must be true or false');
}

function judgeRemote(properties: JsonObject): Refusal | undefined {
  const given = remote.find((name) => isGiven(properties[name]));
  if (given === undefined) return undefined;
  return malformed(given, 'Postern keeps no blobs; the end of the output is in the instance view');
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
