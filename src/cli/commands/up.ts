import type { Command } from 'commander';
import { type CommandContext, examples } from '../command.ts';
import { serve } from '../serve.ts';
import { type UpOptions, withUpOptions } from '../up-options.ts';

/** `postern up`: serves until it is told to stop. */
export function addUp(program: Command, { terminal, end }: CommandContext): void {
  withUpOptions(program.command('up'))
    .description('serve: token service, directory, resource manager, activity log and machines')
    .addHelpText('after', examples('postern up', 'postern up --data-dir ./state --port 0 --json'))
    .action(async (options: UpOptions) => end(await serve(options, terminal)));
}
