import type { Command } from 'commander';
import { type CommandContext, examples } from '../command.ts';
import { exitStatus } from '../exit-status.ts';

/** `postern token decode`: what an access token says, unverified. */
export function addToken(program: Command, { terminal, end }: CommandContext): void {
  program
    .command('token')
    .description('look into access tokens')
    .command('decode')
    .description('print the header and claims of a JWT, times in words; the signature is NOT verified')
    .argument('[token]', 'the token; `-` or nothing reads standard input, which keeps it out of the shell history', '-')
    .addHelpText('after', examples('az account get-access-token --query accessToken -o tsv | postern token decode'))
    .action(async (token: string) => {
      const decoded = decodeToken(token === '-' ? (await readAll()).trim() : token, Date.now());
      if (decoded === undefined) {
        terminal.err('postern: that is no JWT: three base64url parts joined by dots, the first two JSON objects.');
        return end(exitStatus.failed);
      }
      terminal.out(JSON.stringify(decoded, null, 2));
      terminal.err('(not verified: the signature was not checked)');
      end(exitStatus.ok);
    });
}

async function readAll(): Promise<string> {
  const { text } = await import('node:stream/consumers');
  return text(process.stdin);
}

/** A token's readable parts, and its times in words. */
export interface DecodedToken {
  readonly header: object;
  readonly claims: object;
  /** `iat`, `nbf` and `exp`, in ISO 8601 and relative to now. */
  readonly times: Readonly<Record<string, string>>;
}

/** Decodes a JWT without verifying it; undefined when it is none. `now` in milliseconds. */
export function decodeToken(token: string, now: number): DecodedToken | undefined {
  const parts = token.replace(/^Bearer\s+/i, '').split('.');
  const header = parsePart(parts[0]);
  const claims = parsePart(parts[1]);
  if (parts.length !== 3 || header === undefined || claims === undefined) return undefined;
  const times = ['iat', 'nbf', 'exp'].flatMap((name) => {
    const seconds = claims[name];
    return typeof seconds === 'number' && Math.abs(seconds) < 1e11 ? [[name, describeTime(seconds, now)] as const] : [];
  });
  return { header, claims, times: Object.fromEntries(times) };
}

function parsePart(part: string | undefined): Record<string, unknown> | undefined {
  if (part === undefined || !/^[\w-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function describeTime(seconds: number, now: number): string {
  const away = Math.round(seconds - now / 1000);
  const amount = formatDuration(Math.abs(away));
  return `${new Date(seconds * 1000).toISOString()} (${away < 0 ? `${amount} ago` : `in ${amount}`})`;
}

/** `23 h 59 min`: the two largest units. */
function formatDuration(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const parts: string[] = [];
  let rest = seconds;
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    rest %= size;
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ') || '0 s';
}
