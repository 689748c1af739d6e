import type { Command } from 'commander';
import type { OperatorAccessExplanation } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { askOperator, tellFailure } from '../../operator-client.ts';
import { formatFacts, type Terminal } from '../../terminal.ts';

interface ExplainOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly vm: string;
  readonly user: string;
  readonly group?: readonly string[];
  readonly exe?: string;
  readonly process?: string;
  readonly path?: string;
  readonly resource?: string;
  readonly clientId?: string;
  readonly objectId?: string;
  readonly mi?: string;
}

/** `postern access explain`: what a machine's access control would say to one of its users. */
export function addExplain(access: Command, { terminal, end }: CommandContext): void {
  access
    .command('explain')
    .description("say whether a machine's user may ask its metadata service for something, and by which rule")
    .requiredOption('--vm <name>', 'the machine, by name or resource id')
    .requiredOption('--user <name>', 'the user of the machine')
    .option('--group <name...>', 'groups, beside those that the machine has the user in')
    .option('--exe <path>', 'the program that asks, by its whole path')
    .option('--process <name>', "the last word of the program's path; default that of --exe")
    .option('--path <path>', 'what is asked for; default /metadata/identity/oauth2/token')
    .option('--resource <resource>', 'what a token is asked for; default https://management.azure.com')
    .option('--client-id <id>', 'the identity, by its client id')
    .option('--object-id <id>', 'the identity, by its object id')
    .option('--mi <id>', 'the user-assigned identity, by its resource id')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern access explain --vm web-1 --user alice --resource https://vault.azure.net'))
    .action(async (options: ExplainOptions) => {
      const asked = await askOperator<OperatorAccessExplanation>(
        options.dataDir,
        'accessExplanation',
        queryOf(options),
      );
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(options.json ? JSON.stringify(asked.answer, null, 2) : formatExplanation(asked.answer, terminal));
      end(asked.answer.passes ? exitStatus.ok : exitStatus.denied);
    });
}

function queryOf(options: ExplainOptions): readonly (readonly [string, string])[] {
  const { vm, user, exe, process, path, resource, clientId, objectId, mi } = options;
  const single = {
    machine: vm,
    user,
    exe,
    process,
    path,
    resource,
    client_id: clientId,
    object_id: objectId,
    msi_res_id: mi,
  };
  return [
    ...Object.entries(single).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    ...(options.group ?? []).map((group) => ['group', group] as const),
  ];
}

function formatExplanation(explanation: OperatorAccessExplanation, terminal: Terminal): string {
  const { decision, mode, passes, userName, userExists, groupNames } = explanation;
  const verdict = decision === 'Allow' ? terminal.paint('green', 'allowed') : terminal.paint('red', 'denied');
  const audited = decision === 'Deny' && passes ? ' (Audit: recorded, and let through)' : '';
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['machine', explanation.machineResourceId],
    ['user', userExists ? userName : `${userName} (the machine has no such user)`],
    ['groups', groupNames.length === 0 ? undefined : groupNames.join(', ')],
    ['path', explanation.path],
    ['resource', explanation.resource],
    ['identity', explanation.identityResourceId],
    ['mode', mode],
    ['profile', explanation.profileVersionId],
  ];
  const known = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined);
  return `${verdict}${audited}: ${explanation.rule}\n\n${formatFacts(known)}`;
}
