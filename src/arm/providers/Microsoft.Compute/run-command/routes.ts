// Scripts in machines: the action `runCommand`, which answers its output, and run commands as resources of a machine. Both run
// inside it, as root unless another user is named; what is in memory alone and what is kept, `script-runs` says.

import type { Operation, ProviderContext, Work } from '../../../provider-contract.ts';

const answers = () => import('./operations.ts');

/** The action on a machine: `machine` is its path's template, `type` what its permissions begin with. */
export function runActionOperation(context: ProviderContext, machine: string, type: string): Operation {
  return {
    method: 'POST',
    path: `${machine}/runCommand`,
    permission: `${type}/runCommand/action`,
    handle: async (call) => (await answers()).acceptRun(context, call),
  };
}

/** The run commands of a machine. */
export function runCommandOperations(context: ProviderContext, machine: string, type: string): readonly Operation[] {
  const all = `${machine}/runCommands`;
  const path = `${all}/{runCommandName}`;
  const permission = (verb: string) => `${type}/runCommands/${verb}`;
  return [
    {
      method: 'GET',
      path: all,
      permission: permission('read'),
      handle: async (call) => (await answers()).listRunCommands(context, call),
    },
    {
      method: 'GET',
      path,
      permission: permission('read'),
      handle: async (call) => (await answers()).getRunCommand(context, call),
    },
    {
      method: 'PUT',
      path,
      permission: permission('write'),
      handle: async (call) => (await answers()).putRunCommand(context, call),
    },
    {
      method: 'PATCH',
      path,
      permission: permission('write'),
      handle: async (call) => (await answers()).patchRunCommand(context, call),
    },
    {
      method: 'DELETE',
      path,
      permission: permission('delete'),
      handle: async (call) => (await answers()).deleteRunCommand(context, call),
    },
  ];
}

/** What they set going. */
export function runCommandWorks(context: ProviderContext): Readonly<Record<string, Work>> {
  return {
    runScript: async (input) => (await answers()).performRun(context, input),
    runManaged: async (input) => (await answers()).performManaged(context, input),
    endManaged: async (input) => (await answers()).endManaged(context, input),
  };
}
