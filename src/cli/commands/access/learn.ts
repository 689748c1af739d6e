import type { Command } from 'commander';
import type { OperatorLearnedProfile } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { askOperator, tellFailure } from '../../operator-client.ts';
import { parseSince } from '../../since.ts';

interface LearnOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly vm: string;
  readonly since: number;
}

/**
 * `postern access learn`: prints the properties of the smallest profile version that allows what was seen, to be written to a
 * file; with `--json` together with what it was learnt from.
 */
export function addLearn(access: Command, { terminal, end }: CommandContext): void {
  access
    .command('learn')
    .description('print the smallest access control profile that would allow what was seen on a machine')
    .requiredOption('--vm <name>', 'the machine, by name or resource id')
    .option('--since <time>', 'from when on: 7d, 12h, 30m or a time', (text) => parseSince(text), parseSince('7d'))
    .addOption(dataDirOption())
    .option('--json', 'print JSON, with what it was learnt from')
    .addHelpText('after', examples('postern access learn --vm web-1 --since 7d > draft.json'))
    .action(async (options: LearnOptions) => {
      const query = { machine: options.vm, since: String(options.since) };
      const asked = await askOperator<OperatorLearnedProfile>(options.dataDir, 'accessLearning', query);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      const { properties, total, unnamed, since } = asked.answer;
      terminal.out(JSON.stringify(options.json ? asked.answer : properties, null, 2));
      const without = unnamed === 0 ? '' : `; ${unnamed} came from callers that no rule can name`;
      if (!options.json) terminal.err(`learnt from ${total} requests since ${since}${without}`);
      end(exitStatus.ok);
    });
}
