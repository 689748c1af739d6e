import { readFile, rename, stat, writeFile } from 'node:fs/promises';

/** Where Linux distributions and macOS keep the system's trusted authorities, in the order in which we look. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * Writes a bundle of the system's authorities and ours: clients that take one bundle in place of the system's (Python
 * requests, OpenSSL) then trust both. Without a system bundle, Node's own list stands in. Kept when it is newer than its parts.
 */
export async function ensureCaBundle(bundle: string, authorityFile: string): Promise<void> {
  const system = await firstExisting(systemBundles);
  const [made, ...parts] = await Promise.all(
    [bundle, authorityFile, ...(system === undefined ? [] : [system])].map(modified),
  );
  if (made !== undefined && parts.every((time) => time === undefined || time <= made)) return;
  const authorities = system === undefined ? await nodeAuthorities() : await readFile(system, 'utf8');
  await writeFile(`${bundle}.new`, `${authorities.trimEnd()}\n${await readFile(authorityFile, 'utf8')}`, {
    mode: 0o600,
  });
  await rename(`${bundle}.new`, bundle);
}

async function nodeAuthorities(): Promise<string> {
  const { rootCertificates } = await import('node:tls');
  return rootCertificates.join('\n');
}

async function firstExisting(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if ((await modified(file)) !== undefined) return file;
  return undefined;
}

async function modified(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
