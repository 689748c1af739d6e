import type { Command } from 'commander';
import { type CommandContext, examples } from '../command.ts';
import { serve } from '../serve.ts';
import { type UpOptions, withUpOptions } from '../up-options.ts';

/** `postern start`: `up` that plays the story once before the first prompt; what `npm start` runs. */
export function addStart(program: Command, { terminal, end }: CommandContext): void {
  withUpOptions(program.command('start'))
    .description('serve as `up` does, and play the story once so that you can watch it work')
    .addHelpText('after', examples('postern start', 'postern start --port 9443'))
    .action(async (options: UpOptions) => {
      const status = await serve(options, terminal, async (host) => {
        const { playStory } = await import('../../story/play.ts');
        const held = await playStory({
          dataDir: host.paths.root,
          subscriptionId: host.subscriptionId,
          print: (line) => terminal.out(line),
        });
        terminal.out(
          held
            ? `\nStill serving on ${host.origin}. Try: postern shell`
            : `\nThe story did not hold, see above. Still serving on ${host.origin}.`,
        );
      });
      end(status);
    });
}
