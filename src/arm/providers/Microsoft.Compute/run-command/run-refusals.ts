import type { ScriptOutcome } from '../../../../core/ports/machine-host.ts';
import { type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Interruption } from './script-runs.ts';

/** 409 for the action on a machine that does not run. The wording is Azure's. */
export const machineNotRunning: Refusal = refuse(
  'OperationNotAllowed',
  'The operation requires the VM to be running (or set to run).',
);

/** 409 for a run command as a resource of a machine that does not run: Azure treats it as an extension. */
export const extensionsNotModifiable: Refusal = refuse(
  'OperationNotAllowed',
  'Cannot modify extensions in the VM when the VM is not running.',
);

/** 409: the action does one script at a time. The wording is Azure's. */
export const runInProgress: Refusal = refuse(
  'Conflict',
  'Run command extension execution is in progress. Please wait for completion before invoking a run command.',
);

/** Cancels the operation: something newer ended what it did. The wording is Azure's. */
export const preempted: Refusal = refuse(
  'OperationPreempted',
  'Operation execution has been preempted by a more recent operation.',
);

/** The operation fails: Postern ended, and with it the script. */
export const interrupted: Refusal = refuse(
  'VMExtensionProvisioningError',
  'Postern was stopped while the script ran, and the script ended with it. It is not run again by itself.',
);

/** Why a run came to no end of its own; undefined when it exited or ran out of its time. */
export function refusalOf(ended: ScriptOutcome | Interruption | Refusal | undefined): Refusal | undefined {
  if (ended === undefined) return machineNotRunning;
  if (ended === 'superseded') return preempted;
  if (ended === 'postern stopped' || ended === 'forgotten') return interrupted;
  if ('refused' in ended) return ended;
  return ended.end === 'machineEnded' ? preempted : undefined;
}
