import { createHash, sign, verify, X509Certificate } from 'node:crypto';
import type { CheckpointSigner, CheckpointVerifier } from '../../core/ports/checkpoint-signer.ts';
import { formatStatement } from '../../core/sign-ins/checkpoint.ts';
import type { KeyedCertificate } from '../tls/authority.ts';

/** ES256, as in JOSE: `r` and `s` side by side. @see RFC 7518 section 3.4 */
const encoding = { dsaEncoding: 'ieee-p1363' } as const;

/** Signs checkpoints with the local authority's key: whoever keeps its certificate can verify them for ten years. */
export function checkpointSigner({ certificate, key }: KeyedCertificate): CheckpointSigner {
  return {
    authority: fingerprintOf(new X509Certificate(certificate)),
    sign: (statement) => sign('sha256', Buffer.from(statement), { key, ...encoding }).toString('base64url'),
  };
}

/** Verifies checkpoints of these authorities, each a certificate as PEM. Throws for what is no certificate. */
export function checkpointVerifier(authorities: readonly string[]): CheckpointVerifier {
  const certificates = authorities.map((pem) => new X509Certificate(pem));
  const keys = new Map(certificates.map((certificate) => [fingerprintOf(certificate), certificate.publicKey]));
  return (checkpoint) => {
    const key = keys.get(checkpoint.authority);
    if (key === undefined) return 'unknown';
    const signature = Buffer.from(checkpoint.signature, 'base64url');
    const statement = Buffer.from(formatStatement(checkpoint));
    return verify('sha256', statement, { key, ...encoding }, signature) ? 'good' : 'bad';
  };
}

function fingerprintOf({ raw }: X509Certificate): string {
  return createHash('sha256').update(raw).digest('base64url');
}
