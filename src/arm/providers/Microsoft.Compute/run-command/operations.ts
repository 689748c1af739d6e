// What answers for run commands and runs them: loaded with the first one.

export { deleteRunCommand, endManaged, performManaged } from './perform-managed.ts';
export { getRunCommand, listRunCommands } from './read-managed.ts';
export { acceptRun, performRun } from './run-action.ts';
export { patchRunCommand, putRunCommand } from './write-managed.ts';
