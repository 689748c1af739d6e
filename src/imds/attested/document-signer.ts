import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { CertificateAuthority } from '../../core/ports/certificate-authority.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import type { EpochMillis } from '../../core/time.ts';
import { documentLifetimeMillis } from './attested-content.ts';
import { formatSignedData } from './signed-data.ts';

/** Signs documents in the name of a region's metadata service. */
export interface DocumentSigner {
  /** The signed document in DER, with the signer's certificate. */
  sign(content: Uint8Array, region: string): Promise<Uint8Array>;
}

/** A certificate with its last moment. */
interface SignerCertificate {
  readonly der: Uint8Array;
  readonly notAfter: EpochMillis;
}

/** Where a verifier inside a machine finds the authority's certificate. Plain HTTP, as RFC 5280 section 8 advises. */
export const authorityUrl = 'http://169.254.169.254/metadata/attested/authority.cer';

const certificateLifetimeMillis = 30 * 86_400_000;
/** So that it starts before any clock that is a little behind. */
const backdatedMillis = 300_000;

/**
 * Opens a signer. Its key lives as long as the process: every document brings the certificate along, so nobody needs an
 * earlier one to be kept.
 */
export function openDocumentSigner(ports: {
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
  readonly random: Random;
}): DocumentSigner {
  const keys = promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const certificates = new Map<string, Promise<SignerCertificate>>();

  async function certificateOf(region: string): Promise<SignerCertificate> {
    const held = await certificates.get(region);
    if (held !== undefined && held.notAfter - ports.clock.now() > documentLifetimeMillis) return held;
    const issued = keys.then(({ publicKey }) => issue(ports, region, publicKey));
    certificates.set(region, issued);
    return issued;
  }

  return {
    async sign(content, region) {
      const { privateKey } = await keys;
      const [certificate, signature] = await Promise.all([
        certificateOf(region),
        promisify(sign)('sha256', content, privateKey),
      ]);
      return formatSignedData({ content, certificate: certificate.der, signature });
    },
  };
}

async function issue(
  { authority, clock, random }: Parameters<typeof openDocumentSigner>[0],
  region: string,
  publicKey: KeyObject,
): Promise<SignerCertificate> {
  const now = clock.now();
  const notAfter = (now + certificateLifetimeMillis) as EpochMillis;
  const names = [...(region === '' ? [] : [`${region}.metadata.azure.com`]), 'metadata.azure.com'];
  const der = await authority.issue({
    subject: [['CN', names[0] as string]],
    serialNumber: positive(random.bytes(16)),
    notBefore: (now - backdatedMillis) as EpochMillis,
    notAfter,
    publicKey: publicKey.export({ format: 'der', type: 'spki' }),
    dnsNames: names,
    authorityUrl,
  });
  return { der, notAfter };
}

function positive(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, at) => (at === 0 ? (byte & 0x7f) | 0x40 : byte));
}
