import type { Command } from 'commander';
import type { CommandContext } from '../../command.ts';
import { addExplain } from './explain.ts';
import { addLearn } from './learn.ts';
import { addSimulate } from './simulate.ts';
import { addWhy } from './why.ts';

/** Adds what `postern access` has. */
export function addAccessCommands(access: Command, context: CommandContext): void {
  access.description('explain access, and try and learn who on a machine may use its identity');
  for (const add of [addWhy, addExplain, addSimulate, addLearn]) add(access, context);
}
