import { existsSync, readFileSync } from 'node:fs';

/** Where distributions keep the certificates that the system trusts, the commonest first. */
const files = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The host's trusted authorities as PEM text ending in a line break; empty where it has none. */
export function systemAuthorities(): string {
  const file = files.find((path) => existsSync(path));
  return file === undefined ? '' : `${readFileSync(file, 'utf8').trimEnd()}\n`;
}
