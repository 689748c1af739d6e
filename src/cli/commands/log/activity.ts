import type { Command } from 'commander';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { OperatorActivity } from '../../../host/operator/wire.ts';
import { type CommandContext, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { askOperator, tellFailure } from '../../operator-client.ts';
import { printable } from '../../printable.ts';
import { formatTable } from '../../terminal.ts';
import { type ListOptions, queryOf, withListOptions } from './options.ts';

interface ActivityOptions extends ListOptions {
  readonly caller?: string;
}

/** `postern log activity`: what was done at Resource Manager, with the user of the machine who did it. */
export function addActivity(log: Command, { terminal, end }: CommandContext): void {
  withListOptions(log.command('activity'))
    .description('list what was written, deleted and done, and by which user of which machine')
    .option('--caller <id>', "an identity, by its principal's object id")
    .addHelpText('after', examples('postern log activity --user alice --since 1d', 'postern log activity --json'))
    .action(async (options: ActivityOptions) => {
      const query = { ...queryOf(options), caller: options.caller };
      const asked = await askOperator<OperatorActivity>(options.dataDir, 'activity', query);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(options.json ? JSON.stringify(asked.answer, null, 2) : formatEvents(asked.answer.events));
      end(exitStatus.ok);
    });
}

/** Events as a table. */
export function formatEvents(events: readonly JsonObject[]): string {
  const rows = events.map((event) =>
    [
      String(event['eventTimestamp']).replace(/0000Z$/, 'Z'),
      textAt(event['posternActor'], 'userName'),
      textAt(event['operationName'], 'value'),
      textAt(event['status'], 'value'),
      String(event['resourceId']),
      textAt(event['claims'], 'uti'),
    ].map(printable),
  );
  return formatTable(['TIME', 'USER', 'OPERATION', 'STATUS', 'RESOURCE', 'TOKEN'], rows);
}

function textAt(value: Json | undefined, name: string): string {
  const text = isJsonObject(value) ? value[name] : undefined;
  return typeof text === 'string' ? text : '';
}
