import { Command } from 'commander';
import type { CommandContext } from '../command.ts';

/**
 * `postern access`: who may do what, and until when, and who on a machine may ask for its identity. What its commands take is loaded
 * when one of them is called: a start does without.
 */
export function addAccess(program: Command, context: CommandContext): void {
  program
    .command('access')
    .description('explain access, ask for it and decide on it; try and learn who on a machine may use its identity')
    .usage('<command> [options]')
    .argument('[words...]', 'see: postern access --help')
    .helpOption(false)
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      const { addAccessCommands } = await import('./access/access.ts');
      const access = new Command('postern access').copyInheritedSettings(program);
      addAccessCommands(access, context);
      await access.parseAsync(words, { from: 'user' });
    });
}
