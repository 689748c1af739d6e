import type { Command } from 'commander';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { enterMachine } from '../enter-machine.ts';
import { loginShell } from '../login-shell.ts';

/** `postern shell`: a shell on the built-in machine. */
export function addShell(program: Command, { terminal, end }: CommandContext): void {
  program
    .command('shell')
    .description('a shell on the built-in machine `console`, whose identity owns the subscription')
    .addOption(dataDirOption())
    .addHelpText('after', examples('postern shell'))
    .action(async ({ dataDir }: { dataDir?: string }) => {
      const place = dataDir === undefined ? {} : { dataDir };
      end(await enterMachine({ machine: 'console', argv: loginShell, ...place }, terminal));
    });
}
