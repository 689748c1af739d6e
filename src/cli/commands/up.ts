import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { serve } from '../serve.ts';

/** What `up` and `start` can be told. */
export interface UpOptions {
  readonly dataDir?: string;
  readonly port: number;
  readonly address: string;
  readonly json?: boolean;
  readonly machinePath?: readonly string[];
}

/** `postern up`: serves until it is told to stop. */
export function addUp(program: Command, { terminal, end }: CommandContext): void {
  withUpOptions(program.command('up'))
    .description('serve: token service, directory, resource manager, activity log and machines')
    .addHelpText('after', examples('postern up', 'postern up --data-dir ./state --port 0 --json'))
    .action(async (options: UpOptions) => end(await serve(options, terminal)));
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
    .option('--json', 'log as JSON lines on standard output');
}

function parsePort(written: string): number {
  const port = Number(written);
  if (!/^\d+$/.test(written) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}
