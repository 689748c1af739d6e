import { type Command, InvalidArgumentError, Option } from 'commander';
import { dataDirOption } from './command.ts';

/** What `up` and `start` can be told. */
export interface UpOptions {
  readonly dataDir?: string;
  readonly port: number;
  readonly address: string;
  readonly json?: boolean;
  readonly machinePath?: readonly string[];
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
