import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { addDecide } from './access/decide.ts';
import { addRequest } from './access/request.ts';
import { addRequests } from './access/requests.ts';
import { addWhy } from './access/why.ts';

/** `postern access`: who may do what, and until when. */
export function addAccess(program: Command, context: CommandContext): void {
  const access = program.command('access').description('explain access, ask for it and decide on it');
  addWhy(access, context);
  addRequest(access, context);
  addRequests(access, context);
  addDecide(access, context);
}
