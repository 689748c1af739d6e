import type { Command } from 'commander';
import type { OperatorStatus } from '../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { askOperator, tellFailure } from '../operator-client.ts';
import { formatFacts } from '../terminal.ts';

/** `postern status`: whether a Postern runs here, where it answers and how its machines are. */
export function addStatus(program: Command, { terminal, end }: CommandContext): void {
  program
    .command('status')
    .description('say whether Postern runs, where, and how its machines are')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern status', 'postern status --json | jq -r .origin'))
    .action(async ({ dataDir, json }: { dataDir?: string; json?: boolean }) => {
      const asked = await askOperator<OperatorStatus>(dataDir, 'status');
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(json ? JSON.stringify(asked.answer, null, 2) : formatStatus(asked.answer));
      end(exitStatus.ok);
    });
}

function formatStatus(status: OperatorStatus): string {
  const { total, running, supported, missing } = status.machines;
  return formatFacts([
    ['origin', status.origin],
    ['process', `${status.pid}, since ${status.startedAt}`],
    ['data', status.dataDir],
    ['tenant', status.tenantId],
    ['subscription', status.subscriptionId],
    ['machines', supported ? `${running} of ${total} running` : `cannot run here: ${missing.join(' ')}`],
  ]);
}
