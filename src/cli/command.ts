import { type Command, Option } from 'commander';
import type { ExitStatus } from './exit-status.ts';
import type { Terminal } from './terminal.ts';

/** What every command is built with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Takes the status with which the process shall end. */
  readonly end: (status: ExitStatus) => void;
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;

/** `--data-dir`, as every command has it that meets a running Postern. */
export function dataDirOption(): Option {
  return new Option('--data-dir <folder>', 'the data directory')
    .env('POSTERN_DATA_DIR')
    .default(undefined, '$XDG_DATA_HOME/postern, else ~/.local/share/postern');
}

/** Formats examples for the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  $ ${line}`)].join('\n');
}
