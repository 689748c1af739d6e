import type { Command } from 'commander';
import { isJsonObject, type Json } from '../../core/json.ts';
import {
  maxOperatorBodyBytes,
  type OperatorRole,
  type OperatorRoleImport,
  type OperatorRoles,
} from '../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { askOperator, tellFailure, tellOperator } from '../operator-client.ts';
import { formatTable } from '../terminal.ts';

interface CommonOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

interface ListOptions extends CommonOptions {
  readonly origin?: string;
}

/** `postern roles`: the role definitions that there are, and importing those of an Azure tenant. */
export function addRoles(program: Command, context: CommandContext): void {
  const roles = program.command('roles').description('role definitions: list them, import those of an Azure tenant');
  addList(roles, context);
  addImport(roles, context);
}

function addList(roles: Command, { terminal, end }: CommandContext): void {
  roles
    .command('list')
    .description('list the role definitions, built-in and custom')
    .option('--origin <origin>', 'only those that are shipped, imported or custom')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern roles list --origin custom', 'postern roles list --json | jq length'))
    .action(async ({ dataDir, json, origin }: ListOptions) => {
      const asked = await askOperator<OperatorRoles>(dataDir, 'roles');
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      const listed = asked.answer.roles.filter((role) => origin === undefined || role.origin === origin);
      terminal.out(json ? JSON.stringify(listed, null, 2) : formatRoles(listed));
      end(exitStatus.ok);
    });
}

function formatRoles(roles: readonly OperatorRole[]): string {
  const rows = roles.map(({ roleName, id, origin }) => [roleName, id, origin]);
  return formatTable(['NAME', 'ID', 'ORIGIN'], rows);
}

function addImport(roles: Command, { terminal, end }: CommandContext): void {
  roles
    .command('import')
    .argument('<file>', 'what `az role definition list` printed; - reads standard input')
    .description(
      'import role definitions, all of them or none: built-in ones as built-in, custom ones as the tenant’s own',
    )
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'az role definition list > roles.json && postern roles import roles.json',
        'postern roles import - < roles.json',
      ),
    )
    .action(async (file: string, { dataDir, json }: CommonOptions) => {
      const read = await readRoles(file);
      if ('failed' in read) return end(tellFailure(terminal, { ...read, status: exitStatus.failed }));
      const asked = await tellOperator<OperatorRoleImport>(dataDir, 'roleImport', { roles: read.roles });
      if ('failed' in asked) {
        const failed = asked.status === exitStatus.failed ? `nothing was imported: ${asked.failed}` : asked.failed;
        return end(tellFailure(terminal, { ...asked, failed }));
      }
      terminal.out(json ? JSON.stringify(asked.answer) : formatOutcome(asked.answer));
      end(exitStatus.ok);
    });
}

function formatOutcome({ builtIn, custom, unchanged }: OperatorRoleImport): string {
  return `imported ${builtIn} built-in and ${custom} custom roles; ${unchanged} were here already.`;
}

type Read = { readonly roles: readonly Json[] } | { readonly failed: string };

/** Reads a file of roles: a list as az prints it, or Resource Manager's answer with the list in `value`. */
async function readRoles(file: string): Promise<Read> {
  const text = await readText(file);
  if (typeof text !== 'string') return text;
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    return { failed: `nothing was imported: ${file} is not JSON, or not all of it: ${(error as Error).message}` };
  }
  const roles = isJsonObject(json) ? json['value'] : json;
  if (Array.isArray(roles)) return { roles };
  return {
    failed: `nothing was imported: ${file} is not a list of role definitions, as \`az role definition list\` prints it.`,
  };
}

async function readText(file: string): Promise<string | { readonly failed: string }> {
  const { createReadStream } = await import('node:fs');
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) return { failed: tooLarge(file) };
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    return { failed: `${file} cannot be read: ${(error as Error).message}` };
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Room is left for what stands around the list on its way. */
const maxBytes = maxOperatorBodyBytes - 1024;

function tooLarge(file: string): string {
  const mebibytes = Math.floor(maxOperatorBodyBytes / 1024 / 1024);
  return `nothing was imported: ${file} has more than ${mebibytes} MiB. All roles of a tenant have a few; is it what \`az role definition list\` printed?`;
}
