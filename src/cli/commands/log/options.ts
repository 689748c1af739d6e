import { type Command, InvalidArgumentError, Option } from 'commander';
import { dataDirOption } from '../../command.ts';
import { parseSince } from '../../since.ts';

/** What every command has that lists one of the logs. */
export interface ListOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly user?: string;
  readonly uti?: string;
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
}

/** Adds the options of a list. */
export function withListOptions(command: Command): Command {
  const sinceOption = (flags: string, text: string) =>
    new Option(flags, text).argParser((written: string) => parseSince(written));
  return command
    .option('--user <name>', "a machine's user, in its own letter case")
    .option('--uti <id>', "a token, by its claim 'uti'")
    .addOption(
      sinceOption('--since <time>', 'from when on: 7d, 12h, 30m or a time; default all that is kept (90 days)'),
    )
    .addOption(sinceOption('--until <time>', 'up to when'))
    .addOption(new Option('--limit <number>', 'at most so many, the newest').default(100).argParser(parseLimit))
    .addOption(dataDirOption())
    .option('--json', 'print JSON');
}

/** The options as the operator's API takes them. */
export function queryOf({ user, uti, since, until, limit }: ListOptions): Readonly<Record<string, string | undefined>> {
  return { user, uti, since: since?.toString(), until: until?.toString(), limit: String(limit) };
}

/** `2026-11-24T12:00:00.123Z`. */
export function formatTime(millis: number): string {
  return new Date(millis).toISOString();
}

function parseLimit(written: string): number {
  if (/^[1-9]\d{0,4}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('A limit is a whole number from 1 to 99999.');
}
