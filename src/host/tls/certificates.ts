import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import { type KeyedCertificate, keyBelongs, makeAuthority, makeServerCertificate } from './authority.ts';

// The host's TLS identity: a local authority and a server certificate that it signed, kept in the data directory.
// Clients trust the authority through environment variables; it is never put into the system's own trust store.

/** What the listeners need, and the authority that clients must trust. */
export interface Certificates {
  readonly server: KeyedCertificate;
  /** The authority's certificate as PEM. */
  readonly authority: string;
  readonly authorityFile: string;
  /** The same authority, where it signs. */
  readonly signer: KeyedCertificate;
}

/** A server certificate that ends within this time is replaced at start. */
const renewWithinMillis = 30 * 86_400_000;

/** Loads the certificates from `directory`, making or renewing what is absent, ends soon or lacks one of `names`. */
export async function ensureCertificates(request: {
  readonly directory: string;
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}): Promise<Certificates> {
  const { directory, names, clock, random } = request;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const stored = await loadKeyed(directory, 'ca');
  const authority = stored !== undefined && keyBelongs(stored) && isCurrent(stored, clock) ? stored : undefined;
  const signer = authority ?? (await storeKeyed(directory, 'ca', await makeAuthority(clock, random)));
  const server = await loadKeyed(directory, 'server');
  const good = server !== undefined && isGood(server, signer, names, clock);
  return {
    server: good
      ? server
      : await storeKeyed(directory, 'server', await makeServerCertificate(signer, names, clock, random)),
    authority: signer.certificate,
    authorityFile: join(directory, 'ca.pem'),
    signer,
  };
}

function isGood(
  server: KeyedCertificate,
  authority: KeyedCertificate,
  names: readonly string[],
  clock: Clock,
): boolean {
  const certificate = new X509Certificate(server.certificate);
  return (
    keyBelongs(server) &&
    isCurrent(server, clock) &&
    certificate.checkIssued(new X509Certificate(authority.certificate)) &&
    names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined)
  );
}

function isCurrent(keyed: KeyedCertificate, clock: Clock): boolean {
  return new X509Certificate(keyed.certificate).validToDate.getTime() - clock.now() > renewWithinMillis;
}

async function loadKeyed(directory: string, name: string): Promise<KeyedCertificate | undefined> {
  const [certificate, key] = await Promise.all([
    load(join(directory, `${name}.pem`)),
    load(join(directory, `${name}.key`)),
  ]);
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

async function load(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function storeKeyed(directory: string, name: string, keyed: KeyedCertificate): Promise<KeyedCertificate> {
  await store(join(directory, `${name}.key`), keyed.key, 0o600);
  await store(join(directory, `${name}.pem`), keyed.certificate, 0o600);
  return keyed;
}

async function store(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, text, { mode });
  await chmod(`${file}.new`, mode);
  await rename(`${file}.new`, file);
}
