import { Command, CommanderError } from 'commander';
import type { AddCommand, CommandContext } from './command.ts';
import { addAccess } from './commands/access.ts';
import { addAzCloud } from './commands/az-cloud.ts';
import { addEnv } from './commands/env.ts';
import { addKeys } from './commands/keys.ts';
import { addLog } from './commands/log.ts';
import { addRealism } from './commands/realism.ts';
import { addRoles } from './commands/roles.ts';
import { addShell } from './commands/shell.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addStory } from './commands/story.ts';
import { addToken } from './commands/token.ts';
import { addUp } from './commands/up.ts';
import { addVm } from './commands/vm.ts';
import { exitStatus } from './exit-status.ts';
import { processTerminal, type Terminal } from './terminal.ts';

// The command line is a client: it asks a running Postern over its operator socket, and starts one with `up`.
// Each command has a file of its own, which loads what only it needs when it runs.

const commands: readonly AddCommand[] = [
  addUp,
  addStart,
  addStory,
  addShell,
  addVm,
  addEnv,
  addAzCloud,
  addStatus,
  addAccess,
  addLog,
  addRoles,
  addKeys,
  addToken,
  addRealism,
];

const afterHelp = `
Exit statuses: 0 done; 1 refused or failed; 2 wrong usage; 3 no Postern is running; 4 the data directory or port is taken;
5 access denied (access why, access request). \`vm exec\` ends with its program's own status, or 128 + the signal that ended it.

Examples:
  $ postern up                      serve on https://localhost:8443
  $ postern shell                   a shell on the built-in machine, whose identity owns the subscription
  $ postern vm exec web-1 -- az login --identity`;

/** Builds the program; `context` says where it writes and how it ends. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command('postern')
    .description(
      'Managed identities on your own machine: IMDS, token service, resource manager with RBAC, activity log.',
    )
    .showHelpAfterError('(add --help for what it takes)')
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => context.terminal.out(text.trimEnd()),
      writeErr: (text) => context.terminal.err(text.trimEnd()),
    })
    .exitOverride()
    .addHelpText('after', afterHelp);
  for (const add of commands) add(program, context);
  return program;
}

/** Parses the words, runs the command and sets the exit status. */
export async function runProgram(words: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  process.stdout.on('error', ignoreBrokenPipe);
  let status: number = exitStatus.ok;
  const end = (ended: number): void => {
    status = ended;
  };
  try {
    await buildProgram({ terminal, end }).parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    status = error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
  }
  process.exitCode = status;
  return status;
}

/** Who reads our output may have read enough (`postern env | head -1`). */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
