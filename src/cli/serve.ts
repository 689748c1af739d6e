import type { LogEntry, RunningHost } from '../host/start.ts';
import { type ExitStatus, exitStatus } from './exit-status.ts';
import { endFrugally } from './frugal-start.ts';
import type { Terminal } from './terminal.ts';
import type { UpOptions } from './up-options.ts';

/** Starts a host, says that it is ready, and serves until SIGTERM or SIGINT. `then` runs once it is ready. */
export async function serve(
  options: UpOptions,
  terminal: Terminal,
  then: (host: RunningHost) => Promise<void> = async () => undefined,
): Promise<ExitStatus> {
  const { startHost, HostTaken } = await import('../host/start.ts');
  const stopped = nextStopSignal();
  try {
    const { machinePath = [], json, ...rest } = options;
    const log = await logTo(terminal, json === true);
    const host = await startHost({ ...rest, machinePaths: machinePath, log });
    await Promise.race([host.machinesReady, stopped]);
    log({ level: 'info', event: 'ready', fields: { origin: host.origin, dataDir: host.paths.root } });
    if (!json) terminal.out(formatReady(host, terminal));
    endFrugally();
    await Promise.race([then(host), stopped]);
    log({ level: 'info', event: 'stopping', fields: { signal: await stopped } });
    await host.stop();
    return exitStatus.ok;
  } catch (error) {
    if (!(error instanceof HostTaken)) throw error;
    terminal.err(`postern: ${error.message}`);
    return exitStatus.taken;
  }
}

/** With `--json` every entry is a line on standard output; else they go to standard error, beside what people read. */
async function logTo(terminal: Terminal, json: boolean): Promise<(entry: LogEntry) => void> {
  const { formatJsonLine, formatLine } = await import('../host/log.ts');
  if (json) return (entry) => terminal.out(formatJsonLine(entry, new Date()));
  return (entry) => terminal.err(formatLine(entry, new Date()));
}

/** The first signal asks to stop; a second one ends the process at once. */
function nextStopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => resolve(signal));
    }
  });
}

function formatReady(host: RunningHost, terminal: Terminal): string {
  return [
    '',
    `${terminal.paint('bold', 'Postern is ready')} on ${host.origin}. Its data is in ${host.paths.root}.`,
    '',
    'In another terminal:',
    '  postern shell                     a shell on the machine `console`, whose identity owns the subscription',
    '                                    (then: az login --identity)',
    '  eval "$(postern env)"             for clients outside the machines',
    '  postern status                    how it is; Ctrl-C here stops it',
    '',
  ].join('\n');
}
