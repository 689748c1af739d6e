import type { Command } from 'commander';
import type { OperatorKey, OperatorKeys } from '../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { askOperator, tellFailure, tellOperator } from '../operator-client.ts';
import { formatTable } from '../terminal.ts';

interface KeysOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly now?: boolean;
  readonly revoke?: boolean;
}

/** `postern keys list|rotate`: the keys that sign tokens. */
export function addKeys(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('see and rotate the keys that sign tokens');
  addList(keys, context);
  addRotate(keys, context);
}

function addList(keys: Command, { terminal, end }: CommandContext): void {
  keys
    .command('list')
    .description('list the published keys: which signs, which waits, and when each goes')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern keys list', 'postern keys list --json | jq -r ".keys[].kid"'))
    .action(async ({ dataDir, json }: KeysOptions) => {
      const asked = await askOperator<OperatorKeys>(dataDir, 'keys');
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(json ? JSON.stringify(asked.answer, null, 2) : formatKeys(asked.answer));
      end(exitStatus.ok);
    });
}

function addRotate(keys: Command, { terminal, end }: CommandContext): void {
  keys
    .command('rotate')
    .description(
      'publish a new key, which signs a day later, when no kept key set can lack it; the old one stays until its last token has ended',
    )
    .option('--now', 'let it sign at once: for consumers that ask again when they meet an unknown key')
    .option('--revoke', 'and take every other key away at once, with all tokens that they have signed')
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('postern keys rotate', 'postern keys rotate --revoke    after a key may have been read'),
    )
    .action(async ({ dataDir, json, now = false, revoke = false }: KeysOptions) => {
      const asked = await tellOperator<OperatorKey>(dataDir, 'keyRotation', { now, revoke });
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      terminal.out(json ? JSON.stringify(asked.answer, null, 2) : formatRotation(asked.answer));
      end(exitStatus.ok);
    });
}

function formatKeys({ keys }: OperatorKeys): string {
  const rows = keys.map(({ kid, state, signsFrom, removedAt }) => [kid, state, signsFrom, removedAt ?? '-']);
  return formatTable(['KEY', 'STATE', 'SIGNS FROM', 'GONE'], rows);
}

function formatRotation({ kid, state, signsFrom }: OperatorKey): string {
  return state === 'next'
    ? `The key ${kid} is published. It signs from ${signsFrom}.`
    : `The key ${kid} signs from now on.`;
}
