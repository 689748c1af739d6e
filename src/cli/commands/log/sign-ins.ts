import { type Command, Option } from 'commander';
import type { RecordedSignIn } from '../../../core/ports/sign-in-log.ts';
import { nameOf } from '../../../core/resource-id.ts';
import type { OperatorSignIns } from '../../../host/operator/wire.ts';
import { type CommandContext, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { askOperator, tellFailure } from '../../operator-client.ts';
import { printable } from '../../printable.ts';
import { formatTable } from '../../terminal.ts';
import { formatTime, type ListOptions, queryOf, withListOptions } from './options.ts';

interface SignInOptions extends ListOptions {
  readonly vm?: string;
  readonly outcome?: string;
}

/** `postern log signins`: what machines' users were handed, or denied. */
export function addSignIns(log: Command, { terminal, end }: CommandContext): void {
  withListOptions(log.command('signins'))
    .description('list what users of machines were handed, and what they were denied')
    .option('--vm <name>', 'a machine, by name or resource id')
    .addOption(
      new Option('--outcome <outcome>', 'what came of it').choices(['issued', 'handedOver', 'denied', 'failed']),
    )
    .addHelpText(
      'after',
      examples('postern log signins --vm web-1 --since 1h', 'postern log signins --user alice --outcome denied --json'),
    )
    .action(async (options: SignInOptions) => {
      const query = { ...queryOf(options), machine: options.vm, outcome: options.outcome };
      const asked = await askOperator<OperatorSignIns>(options.dataDir, 'signIns', query);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(options.json ? JSON.stringify(asked.answer, null, 2) : formatSignIns(asked.answer.signIns));
      end(exitStatus.ok);
    });
}

/** Sign-ins as a table. */
export function formatSignIns(signIns: readonly RecordedSignIn[]): string {
  const rows = signIns.map((signIn) =>
    [
      formatTime(signIn.time),
      nameOf(signIn.machineResourceId),
      formatUser(signIn),
      signIn.request.query['resource'] ?? signIn.request.path,
      signIn.outcome,
      signIn.access?.rule ?? signIn.failure?.code ?? '',
      signIn.uti ?? '',
    ].map(printable),
  );
  return formatTable(['TIME', 'MACHINE', 'USER', 'RESOURCE', 'OUTCOME', 'WHY', 'TOKEN'], rows);
}

function formatUser({ user }: RecordedSignIn): string {
  return user === undefined ? '' : `${user.userName} (${user.uid})`;
}
