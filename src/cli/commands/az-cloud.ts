import type { Command } from 'commander';
import type { OperatorEnvironment } from '../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { askOperator, tellFailure } from '../operator-client.ts';

/** `postern az-cloud`: the file with which `az cloud register` learns of this Postern. */
export function addAzCloud(program: Command, { terminal, end }: CommandContext): void {
  program
    .command('az-cloud')
    .description('print the configuration for `az cloud register --cloud-config`')
    .addOption(dataDirOption())
    .addHelpText(
      'after',
      examples(
        'postern az-cloud > postern.json',
        'az cloud register --name Postern --cloud-config @postern.json',
        'az cloud set --name Postern',
      ),
    )
    .action(async ({ dataDir }: { dataDir?: string }) => {
      const asked = await askOperator<OperatorEnvironment>(dataDir, 'environment');
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(JSON.stringify(azCloud(asked.answer.origin), null, 2));
      end(exitStatus.ok);
    });
}

/**
 * The cloud as az reads it: camelCase names of `CloudEndpoints`' attributes. az asks `{resourceManager}/metadata/endpoints`
 * for the rest. The `/adfs` authority keeps MSAL from asking login.microsoftonline.com whether it knows this host.
 * @see azure-cli `azure/cli/core/cloud.py`, `azure/cli/command_modules/cloud/custom.py` `_build_cloud`
 */
export function azCloud(origin: string): object {
  return {
    endpoints: {
      resourceManager: origin,
      management: `${origin}/`,
      activeDirectory: `${origin}/adfs`,
      activeDirectoryResourceId: `${origin}/`,
      activeDirectoryGraphResourceId: `${origin}/`,
      microsoftGraphResourceId: `${origin}/`,
    },
  };
}
