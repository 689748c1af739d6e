import { Command } from 'commander';
import type { CommandContext } from '../command.ts';

/**
 * `postern log signins|activity|trace|verify|export`: who got which token, and what was done with it. What these take is loaded when
 * one of them is called: a start does without.
 */
export function addLog(program: Command, context: CommandContext): void {
  program
    .command('log')
    .description('who got which token on which machine, and what was done with it')
    .usage('signins|activity|trace|verify|export [options]')
    .argument('[words...]', 'see: postern log --help')
    .helpOption(false)
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      const { addLogCommands } = await import('./log/log.ts');
      const log = new Command('postern log').copyInheritedSettings(program);
      addLogCommands(log, context);
      await log.parseAsync(words, { from: 'user' });
    });
}
