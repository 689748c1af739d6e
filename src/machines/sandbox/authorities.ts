import { readFile } from 'node:fs/promises';

/** Where distributions keep the certificates that the system trusts, the commonest first. */
const files = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The host's trusted authorities as PEM text ending in a line break; empty where it has none. */
export async function systemAuthorities(): Promise<string> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return `${text.trimEnd()}\n`;
  }
  return '';
}
