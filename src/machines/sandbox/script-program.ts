import type { MachineScript } from '../../core/ports/machine-host.ts';

/** The command that reads the program from its standard input: nothing of it is in a list of processes. */
export const readProgram = ['sh', '-c', 'eval "$(cat)"'] as const;

/**
 * The shell program that runs a script inside a machine: it writes the script to a folder that only its user can read, and
 * runs it in a session of its own with nothing to read. Its output goes through pipes, as `/dev/stderr` opens no socket, and
 * two `cat`s carry it on: whoever holds a pipe longer than the script keeps a `cat` waiting, and nobody else.
 */
export function formatProgram({ text, arguments: words, variables }: MachineScript): string {
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`);
  return [
    // Found before the variables are there, which may say otherwise.
    'run=$(command -v setsid) || exit 125',
    'umask 077',
    'd=$(mktemp -d /tmp/run-command.XXXXXX) || exit 125',
    `printf %s ${quote(text)} >"$d/script.sh" && chmod 500 "$d/script.sh" && mkfifo "$d/stdout" "$d/stderr" || exit 125`,
    'umask 022',
    'cat "$d/stdout" &',
    'cat "$d/stderr" >&2 &',
    `( ${[...exports, `exec "$run" "$d/script.sh" ${words.map(quote).join(' ')}`].join('; ')} ) </dev/null >"$d/stdout" 2>"$d/stderr"`,
    'status=$?',
    'rm -rf -- "$d"',
    'exit $status',
  ].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
