import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a request says; the defaults are what the newer clients of managed identities send. */
export interface RequestFacts {
  /** `[distinguished name]` lines. */
  readonly subject: readonly string[];
  /** The machine's id as JSON; none: no such attribute. */
  readonly cuId?: string;
  /** Words of `openssl genpkey`. */
  readonly key?: readonly string[];
  /** Words of `openssl req` that choose the signature. */
  readonly signature?: readonly string[];
}

/** PSS with SHA-256 and a salt as long as the hash. */
export const pss = ['-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'];

/** A PKCS #10 request that openssl made, with its key: DER in base64, and PEM. */
export function makeRequest(facts: RequestFacts): { readonly csr: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'postern-csr-'));
  try {
    const [configuration, key] = [join(folder, 'req.cnf'), join(folder, 'key.pem')];
    writeFileSync(configuration, formatConfiguration(facts));
    const algorithm = facts.key ?? ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
    run(['genpkey', ...algorithm, '-out', key]);
    run(['req', '-new', '-config', configuration, '-key', key, ...(facts.signature ?? pss), '-outform', 'DER'], folder);
    return { csr: readFileSync(join(folder, 'out')).toString('base64'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(words: readonly string[], folder?: string): void {
  const out = folder === undefined ? [] : ['-out', join(folder, 'out')];
  execFileSync('openssl', [...words, ...out], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function formatConfiguration({ subject, cuId }: RequestFacts): string {
  return [
    'oid_section = oids',
    '[oids]',
    'cuId = 1.3.6.1.4.1.311.90.2.10',
    '[req]',
    'prompt = no',
    'string_mask = utf8only',
    'distinguished_name = dn',
    ...(cuId === undefined ? [] : ['attributes = attributes']),
    '[dn]',
    ...subject,
    '[attributes]',
    ...(cuId === undefined ? [] : [`cuId = ${cuId.replaceAll('"', '\\"')}`]),
    '',
  ].join('\n');
}
