/** A login shell as the machine has one: bash where it is installed. */
export const loginShell: readonly string[] = ['/bin/sh', '-c', 'exec "$(command -v bash || command -v sh)" -l'];
