import { type Command, InvalidArgumentError } from 'commander';
import type { JsonObject } from '../../core/json.ts';
import type { OperatorRealism } from '../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { askOperator, tellFailure, tellOperator } from '../operator-client.ts';
import { formatFacts } from '../terminal.ts';

interface RealismOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly rateLimits?: boolean;
  readonly assignmentDelay?: number;
  readonly tokensOutliveAccess?: boolean;
  readonly imdsUpdating?: number;
  readonly imdsStatus?: number;
}

/** `postern realism`: in which ways Postern is like Azure, shown or changed while it runs. */
export function addRealism(program: Command, { terminal, end }: CommandContext): void {
  program
    .command('realism')
    .description(
      'show or set in which ways Postern is like Azure where Azure is slower: for testing code that must cope',
    )
    .argument('[preset]', 'azure: limits, late role assignments, tokens that outlive access; off: none of it')
    .option(
      '--rate-limits <on|off>',
      'IMDS: 20 token requests a second and 5 at once, 5 of others; more are 429',
      parseFlag,
    )
    .option('--assignment-delay <seconds>', 'role assignments take effect so much later', parseSeconds)
    .option(
      '--tokens-outlive-access <on|off>',
      'a token opens until it expires, whatever became of its identity',
      parseFlag,
    )
    .option('--imds-updating <seconds>', 'from now on, IMDS is being updated for so long', parseSeconds)
    .option('--imds-status <status>', 'what it answers meanwhile: 404, 410 or 500; default 410', parseStatus)
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('postern realism azure', 'postern realism --imds-updating 70', 'postern realism off'),
    )
    .action(async (preset: string | undefined, { dataDir, json, ...options }: RealismOptions) => {
      const change = changeOf(preset, options);
      const asked =
        Object.keys(change).length === 0
          ? await askOperator<OperatorRealism>(dataDir, 'realism')
          : await tellOperator<OperatorRealism>(dataDir, 'realism', change);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(json ? JSON.stringify(asked.answer, null, 2) : formatRealism(asked.answer));
      end(exitStatus.ok);
    });
}

function changeOf(preset: string | undefined, options: RealismOptions): JsonObject {
  const given = {
    preset,
    rateLimits: options.rateLimits,
    assignmentDelaySeconds: options.assignmentDelay,
    tokensOutliveAccess: options.tokensOutliveAccess,
    updatingSeconds: options.imdsUpdating,
    updatingStatus: options.imdsStatus,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as JsonObject;
}

function formatRealism({ rateLimits, assignmentDelaySeconds, tokensOutliveAccess, updating }: OperatorRealism): string {
  return formatFacts([
    ['IMDS rate limits', rateLimits ? 'on' : 'off'],
    ['role assignments', assignmentDelaySeconds === 0 ? 'take effect at once' : `after ${assignmentDelaySeconds} s`],
    ['tokens', tokensOutliveAccess ? 'open until they expire' : 'end with the access that they stand for'],
    ['IMDS', updating === undefined ? 'available' : `answers ${updating.status} until ${updating.until}`],
  ]);
}

function parseFlag(written: string): boolean {
  if (written === 'on' || written === 'off') return written === 'on';
  throw new InvalidArgumentError('It is on or off.');
}

function parseStatus(written: string): number {
  if (/^(404|410|500)$/.test(written)) return Number(written);
  throw new InvalidArgumentError('It is 404, 410 or 500.');
}

function parseSeconds(written: string): number {
  if (/^\d{1,5}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('It is a whole number of seconds.');
}
