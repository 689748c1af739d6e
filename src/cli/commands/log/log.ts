import type { Command } from 'commander';
import type { CommandContext } from '../../command.ts';
import { addActivity } from './activity.ts';
import { addExport } from './export.ts';
import { addSignIns } from './sign-ins.ts';
import { addTrace } from './trace.ts';
import { addVerify } from './verify.ts';

/** `postern log signins|activity|trace|verify|export`: who got which token, and what was done with it. */
export function addLog(program: Command, context: CommandContext): void {
  const log = program.command('log').description('who got which token on which machine, and what was done with it');
  for (const add of [addSignIns, addActivity, addTrace, addVerify, addExport]) add(log, context);
}
