import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
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
    .option('--authority <file>', "the authority's certificate, kept elsewhere; default the data directory's own")
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', examples('postern log verify', 'postern log verify --against /mnt/worm/signins.jsonl'))
    .action(async (options: VerifyOptions) => {
      const witnesses = await readWitnesses(options);
      const asked = 'failed' in witnesses ? witnesses : await verify(options, witnesses);
      if ('failed' in asked) return end(tellFailure(terminal, asked));
      const { answer } = asked;
      terminal.out(options.json ? JSON.stringify(answer, null, 2) : formatVerification(answer, terminal));
      end(answer.breach === undefined ? exitStatus.ok : exitStatus.failed);
    });
}

/** What the log is held against beside itself. */
interface GivenWitnesses {
  readonly exported?: Exported;
  readonly authority?: string;
}

type Failed = Extract<Asked<never>, { readonly failed: string }>;

async function readWitnesses({ against, authority }: VerifyOptions): Promise<GivenWitnesses | Failed> {
  const [exported, pem] = await Promise.all([readExported(against), readAuthority(authority)]);
  const failed = [exported, pem].find((given) => typeof given === 'object' && 'failed' in given);
  if (failed !== undefined) return failed as Failed;
  return { ...(exported && { exported: exported as Exported }), ...(pem && { authority: pem as string }) };
}

async function readExported(file: string | undefined): Promise<Exported | Failed | undefined> {
  if (file === undefined) return undefined;
  const { readLastExported } = await import('./exported.ts');
  const last = await readLastExported(file).catch((error: Error) => unreadable(file, error.message));
  return last ?? unreadable(file, 'it has no exported sign-in');
}

async function readAuthority(file: string | undefined): Promise<string | Failed | undefined> {
  if (file === undefined) return undefined;
  try {
    const pem = await readFile(file, 'utf8');
    return new X509Certificate(pem).toString();
  } catch (error) {
    return unreadable(file, (error as Error).message);
  }
}

function unreadable(file: string, why: string): Failed {
  return { failed: `${file} is no witness: ${why}.`, status: exitStatus.failed };
}

/** Asks the Postern that runs; where none does, reads the data directory. */
async function verify(
  { dataDir }: VerifyOptions,
  { exported, authority }: GivenWitnesses,
): Promise<Asked<OperatorVerification>> {
  const known = exported === undefined ? {} : { number: String(exported.number), hash: exported.hash };
  const query = { ...known, authority };
  const asked = await askOperator<OperatorVerification>(dataDir, 'logVerification', query);
  if (!('failed' in asked) || asked.status !== exitStatus.notRunning) return asked;
  const { verifyDataDir } = await import('../../../host/sign-ins/verify-data-dir.ts');
  const hashes = new Map(exported === undefined ? [] : [[exported.number, exported.hash]]);
  const answer = await verifyDataDir(resolveDataDir(dataDir), { authority, exported: hashes });
  return answer === undefined ? asked : { answer };
}

function formatVerification(verification: OperatorVerification, terminal: Terminal): string {
  const { breach, records, head, checkpoints, lastCheckpoint, uncovered } = verification;
  if (breach !== undefined) return `${terminal.paint('red', 'broken')}: ${breach.message}`;
  const range = records === 0 ? '' : `, ${head.number - records + 1} to ${head.number}`;
  const covered =
    lastCheckpoint === undefined
      ? 'No checkpoint covers any yet.'
      : `The last of ${checkpoints} checkpoints is of ${new Date(lastCheckpoint.time).toISOString()}${
          lastCheckpoint.kind === 'stop' ? ', at a stop' : ''
        }; ${uncovered} records came after it.`;
  return `${terminal.paint('green', 'whole')}: ${records} records${range}. ${covered}`;
}
