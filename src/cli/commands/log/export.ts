import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OperatorEnvironment, OperatorSignIns } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { type Asked, askOperator, tellFailure } from '../../operator-client.ts';
import { parseOtlpHeaders } from '../../otlp-headers.ts';

interface ExportOptions {
  readonly dataDir?: string;
  readonly format: 'jsonl' | 'otlp';
  readonly to: string;
  readonly after: number;
}

/** `postern log export`: all sign-ins that are kept, once; `postern up --log-jsonl` and `--otlp-endpoint` go on with it. */
export function addExport(log: Command, { terminal, end }: CommandContext): void {
  log
    .command('export')
    .description('export the sign-ins that are kept: as lines of JSON, or to an OpenTelemetry collector')
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
        'postern log export --to /mnt/worm/signins.jsonl',
        'postern log export --format otlp --to http://127.0.0.1:4318',
      ),
    )
    .action(async (options: ExportOptions) => {
      const asked = await exportAll(options);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.err(`${asked.answer} sign-ins exported.`);
      end(exitStatus.ok);
    });
}

async function exportAll({ dataDir, format, to, after }: ExportOptions): Promise<Asked<number>> {
  const { isCollector, openSink } = await import('../../../host/sign-ins/open-sink.ts');
  if (isCollector(to) !== (format === 'otlp')) {
    const failed =
      format === 'otlp' ? '--format otlp needs the URL of a collector in --to.' : 'A URL takes --format otlp.';
    return { failed, status: exitStatus.usage };
  }
  const environment = await askOperator<OperatorEnvironment>(dataDir, 'environment');
  if ('failed' in environment) return environment;
  const rejections: string[] = [];
  const sink = await openSink({
    to: to === 'stdout' ? '-' : to,
    tenantId: environment.answer.tenantId,
    headers: parseOtlpHeaders(process.env['OTEL_EXPORTER_OTLP_HEADERS'] ?? ''),
    positions: { load: async () => after, save: async () => undefined },
    onRejected: (message) => void rejections.push(message),
  });
  try {
    let count = 0;
    for (let position = Math.max(after, await sink.position()); ; ) {
      const asked = await askOperator<OperatorSignIns>(dataDir, 'signInRecords', { after: String(position) });
      if ('failed' in asked) return asked;
      const last = asked.answer.signIns.at(-1);
      if (last === undefined) break;
      await sink.write(asked.answer.signIns);
      position = last.number;
      count += asked.answer.signIns.length;
    }
    return rejections[0] === undefined ? { answer: count } : { failed: rejections[0], status: exitStatus.failed };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error), status: exitStatus.failed };
  } finally {
    await sink.close();
  }
}

function parseNumber(written: string): number {
  if (/^\d{1,15}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('A record has a number.');
}
