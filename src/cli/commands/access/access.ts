import type { Command } from 'commander';
import type { CommandContext } from '../../command.ts';
import { addDecide } from './decide.ts';
import { addExplain } from './explain.ts';
import { addLearn } from './learn.ts';
import { addRequest } from './request.ts';
import { addRequests } from './requests.ts';
import { addSimulate } from './simulate.ts';
import { addWhy } from './why.ts';

/** Adds what `postern access` has. */
export function addAccessCommands(access: Command, context: CommandContext): void {
  access.description(
    'explain access, ask for it and decide on it; try and learn who on a machine may use its identity',
  );
  for (const add of [addWhy, addExplain, addSimulate, addLearn, addRequest, addRequests, addDecide])
    add(access, context);
}
