import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { SimulatedChange } from '../../../core/access/simulate.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { nameOf } from '../../../core/resource-id.ts';
import type { OperatorSimulation } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { tellFailure, tellOperator } from '../../operator-client.ts';
import { parseSince } from '../../since.ts';
import { formatTable } from '../../terminal.ts';

interface SimulateOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly profile: string;
  readonly vm: string;
  readonly since: number;
}

/** `postern access simulate`: what a draft of a profile would have made of what really happened. */
export function addSimulate(access: Command, { terminal, end }: CommandContext): void {
  access
    .command('simulate')
    .description('replay what really happened on a machine against a draft of an access control profile')
    .requiredOption('--profile <file>', "a profile version's body or properties, as JSON")
    .requiredOption('--vm <name>', 'the machine, by name or resource id')
    .option('--since <time>', 'from when on: 7d, 12h, 30m or a time', (text) => parseSince(text), parseSince('7d'))
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern access simulate --profile draft.json --vm web-1 --since 7d'))
    .action(async (options: SimulateOptions) => {
      const profile = await readProfile(options.profile);
      if (typeof profile === 'string')
        return end(tellFailure(terminal, { failed: profile, status: exitStatus.failed }));
      const { dataDir, vm: machine, since } = options;
      const asked = await tellOperator<OperatorSimulation>(dataDir, 'accessSimulation', { machine, since, profile });
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(options.json ? JSON.stringify(asked.answer, null, 2) : formatSimulation(asked.answer));
      end(exitStatus.ok);
    });
}

/** The file's object, or why there is none. */
async function readProfile(file: string): Promise<JsonObject | string> {
  try {
    const parsed = JSON.parse(await readFile(file, 'utf8')) as Json;
    return isJsonObject(parsed) ? parsed : `${file} holds no JSON object.`;
  } catch (error) {
    return `${file} cannot be read as JSON: ${(error as Error).message}`;
  }
}

function formatSimulation({ total, since, changes }: OperatorSimulation): string {
  const head = `${total} requests since ${since}`;
  if (changes.length === 0) return `${head}: the draft decides all of them as they were decided.`;
  const table = formatTable(['NOW', 'USER', 'ASKED FOR', 'IDENTITY', 'TIMES', 'LAST', 'WHY'], changes.map(rowOf));
  return `${head}; the draft decides otherwise:\n\n${table}`;
}

function rowOf({ now, userName, path, resource, identityResourceId, count, last, rule }: SimulatedChange) {
  const identity = identityResourceId === undefined ? '' : nameOf(identityResourceId);
  return [now, userName ?? '(unknown)', resource ?? path, identity, String(count), new Date(last).toISOString(), rule];
}
