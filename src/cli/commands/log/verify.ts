import type { Command } from 'commander';
import { resolveDataDir } from '../../../host/configuration.ts';
import type { OperatorVerification } from '../../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../../command.ts';
import { exitStatus } from '../../exit-status.ts';
import { type Asked, askOperator, tellFailure } from '../../operator-client.ts';
import type { Terminal } from '../../terminal.ts';
import type { Exported } from './exported.ts';

interface VerifyOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly against?: string;
  readonly authority?: string;
}

/** `postern log verify`: whether the sign-in log is as it was written. */
export function addVerify(log: Command, { terminal, end }: CommandContext): void {
  log
    .command('verify')
    .description(
      'verify that no sign-in was changed, moved or taken away; works on the data directory of a stopped Postern too',
    )
    .option(
      '--against <file>',
      'JSON lines that were exported: the log must still have their last record, and so all before it',
    )
    .option(
      '--authority <file>',
      "the authority's certificate, kept elsewhere (of a stopped Postern); default the data directory's own",
    )
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern log verify', 'postern log verify --against /mnt/worm/signins.jsonl'))
    .action(async (options: VerifyOptions) => {
      const exported = options.against === undefined ? undefined : await readExported(options.against);
      const asked =
        exported === undefined && options.against !== undefined
          ? { failed: `${options.against} has no exported sign-in.`, status: exitStatus.failed }
          : await verify(options, exported);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      const { answer } = asked;
      terminal.out(options.json ? JSON.stringify(answer, null, 2) : formatVerification(answer, terminal));
      end(answer.breach === undefined ? exitStatus.ok : exitStatus.failed);
    });
}

async function readExported(file: string): Promise<Exported | undefined> {
  const { readLastExported } = await import('./exported.ts');
  return readLastExported(file);
}

/** Asks the Postern that runs; where none does, reads the data directory. */
async function verify(
  { dataDir, authority }: VerifyOptions,
  exported: Exported | undefined,
): Promise<Asked<OperatorVerification>> {
  const query = exported === undefined ? {} : { number: String(exported.number), hash: exported.hash };
  const asked = await askOperator<OperatorVerification>(dataDir, 'logVerification', query);
  if (!('failed' in asked) || asked.status !== exitStatus.notRunning) return asked;
  const { verifyDataDir } = await import('../../../host/sign-ins/verify-data-dir.ts');
  const known = new Map(exported === undefined ? [] : [[exported.number, exported.hash]]);
  const answer = await verifyDataDir(resolveDataDir(dataDir), { authorityFile: authority, exported: known });
  return answer === undefined ? asked : { answer };
}

function formatVerification(verification: OperatorVerification, terminal: Terminal): string {
  const { breach, records, head, checkpoints, lastCheckpoint, uncovered } = verification;
  if (breach !== undefined) return `${terminal.paint('red', 'broken')}: ${breach.message}`;
  const range = records === 0 ? '' : `, ${head.number - records + 1} to ${head.number}`;
  const covered =
    lastCheckpoint === undefined
      ? 'No checkpoint was signed yet.'
      : `The last of ${checkpoints} checkpoints is of ${new Date(lastCheckpoint.time).toISOString()}${
          lastCheckpoint.kind === 'stop' ? ', at a stop' : ''
        }; ${uncovered} records came after it.`;
  return `${terminal.paint('green', 'whole')}: ${records} records${range}. ${covered}`;
}
