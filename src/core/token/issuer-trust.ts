import { type Refusal, refuse } from '../refusal.ts';

/** Hosts whose issuers may be asked for their keys: one host and port, or every host below a domain. */
export interface TrustedIssuer {
  /** In lower case; for `https://*.example.com` it is `.example.com`. */
  readonly host: string;
  readonly port: number;
  /** Whether the operator named this very host, and so answers for where it leads. */
  readonly exact: boolean;
}

const pattern = /^https:\/\/((?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[\da-f:.]+\])(?::(\d{1,5}))?\/?$/i;

/**
 * Reads what the operator trusts: `https://host[:port]`, or `https://*.domain` for every host below a domain of at least two
 * labels. Refuses `InvalidParameter`.
 */
export function parseTrustedIssuer(text: string): TrustedIssuer | Refusal {
  const [, host = '', port = '443'] = pattern.exec(text) ?? [];
  const wildcard = host.startsWith('*.');
  const valid =
    host !== '' && Number(port) > 0 && Number(port) < 65_536 && (!wildcard || /^\*\.[^.]+\.[^.]+/.test(host));
  if (valid) return { host: host.toLowerCase().replace(/^\*/, ''), port: Number(port), exact: !wildcard };
  return refuse(
    'InvalidParameter',
    `'${text}' names no issuer that can be trusted. Name its host, as in https://token.actions.githubusercontent.com or https://issuer.internal:8443; or all hosts below a domain, as in https://*.oic.prod-aks.azure.com.`,
  );
}

/** How far a URL is trusted; undefined when the operator trusts no host like it, or it is not a plain `https` URL. */
export function trustOf(url: string, trusted: readonly TrustedIssuer[]): 'exact' | 'below' | undefined {
  const { protocol, hostname, port, username, password } = URL.canParse(url) ? new URL(url) : ({} as Partial<URL>);
  if (protocol !== 'https:' || hostname === undefined || username !== '' || password !== '') return undefined;
  const here = trusted.filter((one) => one.port === Number(port || 443));
  if (here.some(({ exact, host }) => exact && host === hostname)) return 'exact';
  return here.some(({ exact, host }) => !exact && hostname.endsWith(host)) ? 'below' : undefined;
}

/** IPv4 blocks that are not the public internet, as first address and prefix length (RFC 6890, RFC 5771, RFC 1112). */
const closedBlocks: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Whether an address is one of the public internet; what cannot be read is not. IPv6: global unicast (2000::/3), and what carries IPv4 by its IPv4. */
export function isPublicAddress(address: string): boolean {
  const ipv4 = parseIpv4(address);
  if (ipv4 !== undefined) return !closedBlocks.some(([first, length]) => isWithin(ipv4, parseIpv4(first) ?? 0, length));
  const groups = parseIpv6(address);
  if (groups === undefined) return false;
  const [first = 0, second = 0] = groups;
  // 6to4 (2002::/16) carries an IPv4 address; 2001::/23 is for protocols and 2001:db8::/32 for documents.
  if (first === 0x2002) return isPublicAddress(formatIpv4(groups[1] ?? 0, groups[2] ?? 0));
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return false;
  return first >= 0x2000 && first < 0x4000;
}

function isWithin(address: number, first: number, length: number): boolean {
  return Math.floor(address / 2 ** (32 - length)) === Math.floor(first / 2 ** (32 - length));
}

function parseIpv4(text: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.some((byte) => byte > 255) ? undefined : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function formatIpv4(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight groups; undefined for what is none, and for addresses that carry IPv4 in dotted form, which are never global unicast. */
function parseIpv6(text: string): readonly number[] | undefined {
  const [head = '', tail, ...rest] = text.split('%', 1)[0]?.split('::') ?? [];
  if (rest.length > 0 || !/^[\da-f:]*$/i.test(head + (tail ?? ''))) return undefined;
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<string>(Math.max(0, missing)).fill('0'), ...after];
  return groups.every((group) => /^[\da-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}
