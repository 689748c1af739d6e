import { type Command, InvalidArgumentError, Option } from 'commander';
import { isRefusal } from '../core/refusal.ts';
import { parseTrustedIssuer } from '../core/token/issuer-trust.ts';
import { dataDirOption } from './command.ts';

/** What `up` and `start` can be told. */
export interface UpOptions {
  readonly dataDir?: string;
  readonly port: number;
  readonly address: string;
  readonly json?: boolean;
  readonly machinePath?: readonly string[];
  readonly roleAssignmentLimit?: number;
  readonly trustIssuer?: readonly string[];
  readonly keyDays?: number;
  readonly machines?: true | 'doors';
  readonly realism?: 'azure' | 'off';
  readonly eventNotice?: number;
  readonly logJsonl?: string;
  readonly otlpEndpoint?: string;
}

/** The options that every command has which starts a Postern. */
export function withUpOptions(command: Command): Command {
  return command
    .addOption(dataDirOption())
    .addOption(
      new Option('--port <number>', 'the HTTPS port; 0 lets the system choose').default(8443).argParser(parsePort),
    )
    .option('--address <ip>', 'the address to listen on', '127.0.0.1')
    .option(
      '--machine-path <path...>',
      'folders that every machine shows read-only, beside the system and this package',
    )
    .addOption(
      new Option(
        '--role-assignment-limit <number>',
        'how many role assignments a subscription may have; default 4000, as in Azure',
      ).argParser(parseLimit),
    )
    .addOption(
      new Option(
        '--trust-issuer <url...>',
        'hosts whose issuers may be asked for the keys of federated assertions: https://host[:port] or https://*.domain',
      ).argParser(collectIssuer),
    )
    .addOption(
      new Option(
        '--key-days <number>',
        'how many days a key signs tokens before the next one does; default 90',
      ).argParser(parseKeyDays),
    )
    .addOption(
      new Option(
        '--event-notice <seconds>',
        'how long a machine that polls its scheduled events is told before a restart; default 900, redeployments 600, as in Azure',
      ).argParser(parseNotice),
    )
    .addOption(
      new Option(
        '--machines <kind>',
        'sandbox: machines are Linux namespaces here; doors: they have no inside, and programs of this host use their identities by `postern vm env`',
      ).argParser(parseMachines),
    )
    .addOption(
      new Option(
        '--realism <preset>',
        'azure: IMDS limits, late role assignments and tokens that outlive access, as in Azure (see: postern realism)',
      ).choices(['azure', 'off']),
    )
    .option(
      '--log-jsonl <file>',
      'append each sign-in and each event of the activity log to a file as a line of JSON; - is standard output',
    )
    .addOption(
      new Option(
        '--otlp-endpoint <url>',
        'post both to an OpenTelemetry collector (OTLP/HTTP, JSON), with the headers in OTEL_EXPORTER_OTLP_HEADERS',
      ).argParser(parseEndpoint),
    )
    .option('--json', 'log as JSON lines on standard output');
}

function parseEndpoint(written: string): string {
  if (/^https?:\/\//i.test(written) && URL.canParse(written)) return written;
  throw new InvalidArgumentError('An endpoint is like http://127.0.0.1:4318.');
}

function parseMachines(kind: string): true | 'doors' {
  if (kind === 'sandbox') return true;
  if (kind === 'doors') return 'doors';
  throw new InvalidArgumentError('Machines are sandbox or doors.');
}

function parseLimit(written: string): number {
  if (/^[1-9]\d{0,8}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('A limit is a whole number from 1 to 999999999.');
}

function parseNotice(written: string): number {
  if (/^\d{1,5}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('A notice is a whole number of seconds from 0 to 99999.');
}

function collectIssuer(written: string, before: readonly string[] = []): readonly string[] {
  const trusted = parseTrustedIssuer(written);
  if (isRefusal(trusted)) throw new InvalidArgumentError(trusted.message);
  return [...before, written];
}

/** A key is published a day before it signs, so one that signs for a day or less would follow itself. */
function parseKeyDays(written: string): number {
  const days = Number(written);
  if (/^\d{1,4}$/.test(written) && days >= 2 && days <= 1825) return days;
  throw new InvalidArgumentError('A key signs for 2 to 1825 days.');
}

function parsePort(written: string): number {
  const port = Number(written);
  if (!/^\d+$/.test(written) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}
