import type { Command } from 'commander';
import type { OperatorWhy } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { askOperator, tellFailure } from '../../operator-client.ts';
import { printable } from '../../printable.ts';
import { formatFacts, type Terminal } from '../../terminal.ts';

interface WhyOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly principal?: string;
  readonly machine?: string;
  readonly user?: string;
  readonly action: string;
  readonly scope?: string;
  readonly resourceGroup?: string;
}

/** `postern access why`: what Resource Manager would decide, and because of which assignment. */
export function addWhy(access: Command, { terminal, end }: CommandContext): void {
  access
    .command('why')
    .description('say whether a principal may do something somewhere, and because of which role assignment')
    .option('--principal <id>', 'its object id or client id')
    .option(
      '--machine <name>',
      "a machine, by name or resource id: its system-assigned identity's principal; with --principal, where that identity is used",
    )
    .option('--user <name>', "the machine's user who acts with the identity, for role assignments that name one")
    .requiredOption('--action <action>', 'such as Microsoft.Compute/virtualMachines/restart/action')
    .option('--scope <id>', 'the resource id at which; default the subscription')
    .option('--resource-group <name>', 'the same, for a resource group of the subscription')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'postern access why --machine web-1 --action Microsoft.Compute/virtualMachines/read --resource-group demo',
        'postern access why --principal "$ID" --action Microsoft.Authorization/roleAssignments/write --json',
        'postern access why --principal "$ID" --machine web-1 --user alice --action Microsoft.Compute/virtualMachines/read',
      ),
    )
    .action(async (options: WhyOptions) => {
      const { dataDir, principal, machine, user, action, scope, resourceGroup } = options;
      const query = { principal, machine, user, action, scope, resourceGroup };
      const asked = await askOperator<OperatorWhy>(dataDir, 'why', query);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(options.json ? JSON.stringify(asked.answer, null, 2) : formatWhy(asked.answer, terminal));
      end(asked.answer.allowed ? exitStatus.ok : exitStatus.denied);
    });
}

function formatWhy(why: OperatorWhy, terminal: Terminal): string {
  const verdict = why.allowed ? terminal.paint('green', 'allowed') : terminal.paint('red', 'denied');
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['principal', why.displayName === undefined ? why.principalId : `${why.principalId} (${why.displayName})`],
    ['action', why.action],
    ['scope', why.scope],
    ['role', why.roleName],
    ['assigned at', why.assignmentScope],
    ['assignment', why.assignmentId],
    ['deny assignment', why.denyAssignmentId],
  ];
  const known = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined);
  const shown = known.map(([name, value]) => [name, printable(value)] as const);
  return `${verdict}: ${printable(why.reason)}\n\n${formatFacts(shown)}`;
}
