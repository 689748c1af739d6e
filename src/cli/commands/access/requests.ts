import type { Command } from 'commander';
import type { OperatorAccessRequest } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { askOperator, tellFailure } from '../../operator-client.ts';
import { printable } from '../../printable.ts';
import { formatTable, type Terminal } from '../../terminal.ts';

/** `postern access requests`: who asks for what. */
export function addRequests(access: Command, { terminal, end }: CommandContext): void {
  access
    .command('requests')
    .description('list the requests for access that wait for a decision')
    .option('--all', 'those that are decided too')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern access requests', 'postern access requests --all --json'))
    .action(async ({ dataDir, json, all }: { dataDir?: string; json?: boolean; all?: boolean }) => {
      const query = { all: all === true ? 'true' : undefined };
      const asked = await askOperator<{ requests: readonly OperatorAccessRequest[] }>(dataDir, 'accessRequests', query);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      const { requests } = asked.answer;
      terminal.out(json ? JSON.stringify(requests, null, 2) : formatRequests(requests, terminal));
      end(exitStatus.ok);
    });
}

function formatRequests(requests: readonly OperatorAccessRequest[], terminal: Terminal): string {
  if (requests.length === 0) return 'No requests.';
  const titles = ['ID', 'STATUS', 'USER', 'MACHINE', 'ROLE', 'SCOPE', 'FOR', 'REASON'];
  const rows = requests.map(({ id, status, user, machine, role, scope, duration, until, reason }) =>
    [
      id,
      status,
      user ?? '',
      machine?.split('/').at(-1) ?? '',
      role,
      scope,
      duration ?? (until === undefined ? '' : `until ${until}`),
      reason,
    ].map(printable),
  );
  return formatTable(
    titles.map((title) => terminal.paint('bold', title)),
    rows,
  );
}
