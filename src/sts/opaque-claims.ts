import type { Random } from '../core/ports/random.ts';
import type { OpaqueClaims } from '../core/token/claims.ts';

/** Bytes of each opaque claim; `uti` is a GUID's 16, the others as long as in captured tokens. */
const lengths = { uti: 16, aio: 39, rh: 42, ftd: 45, rd: 12 } as const;
const total = Object.values(lengths).reduce((sum, length) => sum + length, 0);

/** Fresh values for the claims without a documented meaning, from one draw of random bytes. */
export function drawOpaqueClaims(random: Random): OpaqueClaims {
  const bytes = Buffer.from(random.bytes(total));
  let at = 0;
  const next = (length: number, encoding: 'base64' | 'base64url') => {
    at += length;
    return bytes.toString(encoding, at - length, at);
  };
  return {
    uti: next(lengths.uti, 'base64url'),
    aio: next(lengths.aio, 'base64'),
    rh: `1.${next(lengths.rh, 'base64url')}.`,
    ftd: next(lengths.ftd, 'base64url'),
    rd: next(lengths.rd, 'base64url'),
  };
}
