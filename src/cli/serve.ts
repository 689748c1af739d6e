import type { LogEntry, RunningHost } from '../host/start.ts';
import { type ExitStatus, exitStatus } from './exit-status.ts';
import { endFrugally } from './frugal-start.ts';
import { nextStopSignal } from './stop-signal.ts';
import type { Terminal } from './terminal.ts';
import type { UpOptions } from './up-options.ts';

/** What else happens while a host serves. */
type Meanwhile = (host: RunningHost) => Promise<void>;

/** Starts a host, says that it is ready, and serves until SIGTERM or SIGINT. `meanwhile` begins once it is ready. */
export async function serve(
  { json, machinePath = [], trustIssuer = [], eventNotice, ...options }: UpOptions,
  terminal: Terminal,
  meanwhile: Meanwhile = async () => undefined,
): Promise<ExitStatus> {
  const { startHost, HostTaken } = await import('../host/start.ts');
  const stopped = nextStopSignal();
  const log = await logTo(terminal, json === true);
  try {
    const host = await startHost({
      ...options,
      machinePaths: machinePath,
      trustedIssuers: trustIssuer,
      eventNoticeSeconds: eventNotice,
      otlpHeaders: options.otlpEndpoint === undefined ? {} : await readOtlpHeaders(),
      log,
    });
    await Promise.race([host.machinesReady, stopped]);
    log({ level: 'info', event: 'ready', fields: { origin: host.origin, dataDir: host.paths.root } });
    if (!json) terminal.out(formatReady(host, options.machines === 'doors', terminal));
    endFrugally();
    await serveUntil(stopped, host, meanwhile, log);
    return exitStatus.ok;
  } catch (error) {
    if (!(error instanceof HostTaken)) throw error;
    terminal.err(`postern: ${error.message}`);
    return exitStatus.taken;
  }
}

async function readOtlpHeaders(): Promise<Readonly<Record<string, string>>> {
  const { parseOtlpHeaders } = await import('./otlp-headers.ts');
  return parseOtlpHeaders(process.env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '');
}

async function serveUntil(stopped: Promise<string>, host: RunningHost, meanwhile: Meanwhile, log: Log): Promise<void> {
  try {
    await Promise.race([meanwhile(host), stopped]);
    log({ level: 'info', event: 'stopping', fields: { signal: await stopped } });
  } finally {
    await host.stop();
  }
}

type Log = (entry: LogEntry) => void;

/** With `--json` every entry is a line on standard output; else they go to standard error, beside what people read. */
async function logTo(terminal: Terminal, json: boolean): Promise<Log> {
  const { formatJsonLine, formatLine } = await import('../host/log.ts');
  if (json) return (entry) => terminal.out(formatJsonLine(entry, new Date()));
  return (entry) => terminal.err(formatLine(entry, new Date()));
}

/** What is said once a host is ready: what to type next, of which a machine without an inside (`areDoors`) cannot all. */
export function formatReady(
  host: Pick<RunningHost, 'origin' | 'paths'>,
  areDoors: boolean,
  terminal: Pick<Terminal, 'paint'>,
): string {
  const machine = areDoors
    ? '  eval "$(postern vm env console)"  for programs here as the machine `console`, whose identity owns the subscription'
    : '  postern shell                     a shell on the machine `console`, whose identity owns the subscription';
  return [
    '',
    `${terminal.paint('bold', 'Postern is ready')} on ${host.origin}. Its data is in ${host.paths.root}.`,
    '',
    'In another terminal:',
    machine,
    '                                    (then: az login --identity)',
    '  eval "$(postern env)"             for clients outside the machines',
    '  postern status                    how it is; Ctrl-C here stops it',
    '',
  ].join('\n');
}
