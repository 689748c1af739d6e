import type { Command } from 'commander';
import type { OperatorTrace } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { askOperator, tellFailure } from '../../operator-client.ts';
import { printable } from '../../printable.ts';
import { formatFacts } from '../../terminal.ts';
import { formatEvents } from './activity.ts';
import { formatSignIns } from './sign-ins.ts';

interface TraceOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** `postern log trace`: who, on which machine, got a token, and what was done with it. */
export function addTrace(log: Command, { terminal, end }: CommandContext): void {
  log
    .command('trace')
    .argument('<uti>', "the token's claim 'uti'")
    // One in 64 begins with a hyphen, and is no option.
    .allowUnknownOption()
    .helpOption('--help', 'display help for command')
    .description('follow one token: who got it on which machine, and what was done with it')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern log trace "$UTI"', 'postern log trace "$UTI" --json | jq .events'))
    .action(async (uti: string, { dataDir, json }: TraceOptions) => {
      const asked = await askOperator<OperatorTrace>(dataDir, 'trace', { uti });
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(json ? JSON.stringify(asked.answer, null, 2) : formatTrace(asked.answer));
      end(exitStatus.ok);
    });
}

function formatTrace({ uti, signIns, events }: OperatorTrace): string {
  const [first] = signIns;
  const { user, identity } = first ?? {};
  const facts = formatFacts([
    ['token', uti],
    ['machine', first?.machineResourceId ?? ''],
    [
      'user',
      user === undefined ? '' : printable(`${user.userName} (uid ${user.uid}; groups ${user.groupNames.join(', ')})`),
    ],
    ['program', printable(first?.process?.exePath ?? '')],
    ['identity', identity === undefined ? '' : `${identity.principalId} (${identity.resourceId})`],
  ]);
  const handed = signIns.length === 0 ? 'It was handed to no machine.' : `Handed over:\n${formatSignIns(signIns)}`;
  const done = events.length === 0 ? 'Nothing was done with it.' : `Done with it:\n${formatEvents(events)}`;
  return [facts, handed, done].join('\n\n');
}
