import type { Command } from 'commander';
import type { OperatorAccessRequest } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { tellFailure, tellOperator } from '../../operator-client.ts';

interface DecideOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly reason?: string;
}

/** `postern access approve` and `postern access deny`: an operator's decision on a request. */
export function addDecide(access: Command, context: CommandContext): void {
  const approve = command(access, context, 'Approve', 'grant what was asked for, from now on');
  approve
    .option('--reason <text>', 'what the log shall say')
    .addHelpText('after', examples('postern access approve "$ID"'));
  const deny = command(access, context, 'Deny', 'refuse what was asked for');
  deny
    .requiredOption('--reason <text>', 'why: who asked can read it')
    .addHelpText('after', examples('postern access deny "$ID" --reason "not on a Friday"'));
}

function command(
  access: Command,
  { terminal, end }: CommandContext,
  decision: 'Approve' | 'Deny',
  description: string,
): Command {
  return access
    .command(decision.toLowerCase())
    .description(description)
    .argument('<id>', 'the request, as `postern access requests` shows it')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .action(async (id: string, { dataDir, json, reason }: DecideOptions) => {
      const body = { id, decision, ...(reason === undefined ? {} : { reason }) };
      const told = await tellOperator<OperatorAccessRequest>(dataDir, 'accessDecision', body);
      if ('failed' in told) return end(tellFailure(terminal, told));
      const { answer } = told;
      terminal.out(json ? JSON.stringify(answer, null, 2) : `${answer.status}: ${answer.role} at ${answer.scope}`);
      end(exitStatus.ok);
    });
}
