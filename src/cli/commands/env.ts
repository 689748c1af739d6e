import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { OperatorEnvironment } from '../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { askOperator, tellFailure } from '../operator-client.ts';

/** `postern env`: what clients outside the machines need, as shell exports or JSON. */
export function addEnv(program: Command, { terminal, end }: CommandContext): void {
  program
    .command('env')
    .description('print what clients outside the machines need (an administrator with a secret, endpoints, CA)')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('eval "$(postern env)"', 'postern env --json | jq -r .clientId'))
    .action(async ({ dataDir, json }: { dataDir?: string; json?: boolean }) => {
      const asked = await askOperator<OperatorEnvironment>(dataDir, 'environment');
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      const { secretFile, ...environment } = asked.answer;
      const { clientSecret } = JSON.parse(await readFile(secretFile, 'utf8')) as { clientSecret: string };
      const complete = { ...environment, clientSecret };
      terminal.out(json ? JSON.stringify(complete, null, 2) : formatExports(complete));
      end(exitStatus.ok);
    });
}

/** Everything that a client outside the machines needs, the secret included. */
export type ClientEnvironment = Omit<OperatorEnvironment, 'secretFile'> & { readonly clientSecret: string };

/** Formats shell exports, one a line, each value quoted. */
export function formatExports(environment: ClientEnvironment): string {
  return formatVariables(variablesOf(environment));
}

/** Formats variables as shell exports, one a line, each value quoted. */
export function formatVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}`)
    .join('\n');
}

/**
 * The variables by the clients that read them: `AZURE_*` the Azure SDKs' EnvironmentCredential, `ARM_*` Terraform's azurerm
 * provider, `NODE_EXTRA_CA_CERTS` Node (which adds), `REQUESTS_CA_BUNDLE` az and Python, `SSL_CERT_FILE` OpenSSL and Go
 * (which replace, so they get the bundle), `CURL_CA_BUNDLE` curl.
 */
function variablesOf({ origin, tenantId, clientId, clientSecret, subscriptionId, ca, caBundle }: ClientEnvironment) {
  return {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
    AZURE_AUTHORITY_HOST: origin,
    AZURE_RESOURCE_MANAGER_ENDPOINT: origin,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    ARM_METADATA_HOSTNAME: new URL(origin).host,
    NODE_EXTRA_CA_CERTS: ca,
    REQUESTS_CA_BUNDLE: caBundle,
    SSL_CERT_FILE: caBundle,
    CURL_CA_BUNDLE: caBundle,
  };
}

/** Quotes a value so that a POSIX shell reads it back unchanged, whatever is in it. */
function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
