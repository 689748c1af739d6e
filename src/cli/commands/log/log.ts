import type { Command } from 'commander';
import type { CommandContext } from '../../command.ts';
import { addActivity } from './activity.ts';
import { addExport } from './export.ts';
import { addSignIns } from './sign-ins.ts';
import { addTrace } from './trace.ts';
import { addVerify } from './verify.ts';

/** Adds what `postern log` has. */
export function addLogCommands(log: Command, context: CommandContext): void {
  log.description('who got which token on which machine, and what was done with it');
  for (const add of [addSignIns, addActivity, addTrace, addVerify, addExport]) add(log, context);
}
