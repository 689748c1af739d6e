import { type Command, InvalidArgumentError, Option } from 'commander';
import { activityForm } from '../../../core/activity/export-form.ts';
import { signInForm } from '../../../core/sign-ins/export-form.ts';
import type { ExportTarget, Numbered, Sink } from '../../../host/log-exports/open-target.ts';
import type { OperatorEnvironment, OperatorRecords } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { type Asked, askOperator, tellFailure } from '../../operator-client.ts';
import { parseOtlpHeaders } from '../../otlp-headers.ts';

interface ExportOptions {
  readonly dataDir?: string;
  readonly format: 'jsonl' | 'otlp';
  readonly to: string;
  readonly after: number;
  readonly log: 'signins' | 'activity';
}

/** `postern log export`: all that one log keeps, once; `postern up --log-jsonl` and `--otlp-endpoint` go on with both. */
export function addExport(log: Command, { terminal, end }: CommandContext): void {
  log
    .command('export')
    .description('export what a log keeps: as lines of JSON, or to an OpenTelemetry collector')
    .addOption(new Option('--log <log>', 'which log').choices(['signins', 'activity']).default('signins'))
    .addOption(new Option('--format <format>', 'how').choices(['jsonl', 'otlp']).default('jsonl'))
    .option('--to <target>', 'a file (which is continued), stdout, or the URL of a collector', 'stdout')
    .addOption(
      new Option('--after <number>', 'only records after this one; a file goes on after its own last')
        .default(0)
        .argParser(parseNumber),
    )
    .addOption(dataDirOption())
    .addHelpText(
      'after',
      examples(
        'postern log export > signins.jsonl',
        'postern log export --to /mnt/worm/postern.jsonl',
        'postern log export --log activity --format otlp --to http://127.0.0.1:4318',
      ),
    )
    .action(async (options: ExportOptions) => {
      const asked = await exportAll(options);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.err(`${asked.answer} ${options.log === 'activity' ? 'events' : 'sign-ins'} exported.`);
      end(exitStatus.ok);
    });
}

async function exportAll(options: ExportOptions): Promise<Asked<number>> {
  const { dataDir, format, to, after } = options;
  const { isCollector, openTarget } = await import('../../../host/log-exports/open-target.ts');
  if (isCollector(to) !== (format === 'otlp')) {
    const failed =
      format === 'otlp' ? '--format otlp needs the URL of a collector in --to.' : 'A URL takes --format otlp.';
    return { failed, status: exitStatus.usage };
  }
  const environment = await askOperator<OperatorEnvironment>(dataDir, 'environment');
  if ('failed' in environment) return environment;
  const rejections: string[] = [];
  try {
    const target = await openTarget({
      to: to === 'stdout' ? '-' : to,
      tenantId: environment.answer.tenantId,
      headers: parseOtlpHeaders(process.env['OTEL_EXPORTER_OTLP_HEADERS'] ?? ''),
      positions: () => ({ load: async () => after, save: async () => undefined }),
      onRejected: (message) => void rejections.push(message),
    });
    const copied = await copy(options, target).finally(() => target.close());
    return rejections[0] === undefined ? copied : { failed: rejections[0], status: exitStatus.failed };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error), status: exitStatus.failed };
  }
}

function copy(options: ExportOptions, target: ExportTarget): Promise<Asked<number>> {
  return options.log === 'activity'
    ? copyLog(options, 'activityRecords', target.sink(activityForm))
    : copyLog(options, 'signInRecords', target.sink(signInForm));
}

async function copyLog<Entry extends Numbered>(
  { dataDir, after }: ExportOptions,
  path: 'signInRecords' | 'activityRecords',
  sink: Sink<Entry>,
): Promise<Asked<number>> {
  let count = 0;
  for (let position = Math.max(after, await sink.position()); ; ) {
    const asked = await askOperator<OperatorRecords<Entry>>(dataDir, path, { after: String(position) });
    if ('failed' in asked) return asked;
    const { entries } = asked.answer;
    const last = entries.at(-1);
    if (last === undefined) return { answer: count };
    await sink.write(entries);
    position = last.number;
    count += entries.length;
  }
}

function parseNumber(written: string): number {
  if (/^\d{1,15}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('A record has a number.');
}
