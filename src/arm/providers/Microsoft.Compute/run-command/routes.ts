// Scripts in machines: the action `runCommand`, which answers its output, and run commands as resources of a machine. Both run
// inside it, as root unless another user is named; what is in memory alone and what is kept, `script-runs` says.

import type { Operation, ProviderContext, Work } from '../../../provider-contract.ts';
import { deleteRunCommand, endManaged, performManaged } from './perform-managed.ts';
import { getRunCommand, listRunCommands } from './read-managed.ts';
import { acceptRun, performRun } from './run-action.ts';
import { patchRunCommand, putRunCommand } from './write-managed.ts';

/** The action on a machine: `machine` is its path's template, `type` what its permissions begin with. */
export function runActionOperation(context: ProviderContext, machine: string, type: string): Operation {
  return {
    method: 'POST',
    path: `${machine}/runCommand`,
    permission: `${type}/runCommand/action`,
    handle: (call) => acceptRun(context, call),
  };
}

/** The run commands of a machine. */
export function runCommandOperations(context: ProviderContext, machine: string, type: string): readonly Operation[] {
  const all = `${machine}/runCommands`;
  const path = `${all}/{runCommandName}`;
  const permission = (verb: string) => `${type}/runCommands/${verb}`;
  return [
    { method: 'GET', path: all, permission: permission('read'), handle: (call) => listRunCommands(context, call) },
    { method: 'GET', path, permission: permission('read'), handle: (call) => getRunCommand(context, call) },
    { method: 'PUT', path, permission: permission('write'), handle: (call) => putRunCommand(context, call) },
    { method: 'PATCH', path, permission: permission('write'), handle: (call) => patchRunCommand(context, call) },
    { method: 'DELETE', path, permission: permission('delete'), handle: (call) => deleteRunCommand(context, call) },
  ];
}

/** What they set going. */
export function runCommandWorks(context: ProviderContext): Readonly<Record<string, Work>> {
  return {
    runScript: (input) => performRun(context, input),
    runManaged: (input) => performManaged(context, input),
    endManaged: (input) => endManaged(context, input),
  };
}
