import { type KeyObject, sign } from 'node:crypto';
import type { EpochMillis } from '../../core/time.ts';
import { der, derBits, derInteger, derTime, tags } from './der.ts';

/** `sha256WithRSAEncryption`, 1.2.840.113549.1.1.11, with its NULL parameter (RFC 4055 section 5). */
const sha256WithRsa = der(tags.sequence, der(tags.objectId, Buffer.from('2a864886f70d01010b', 'hex')), der(tags.null));

/** `commonName`, 2.5.4.3. */
const commonNameId = Buffer.from('550403', 'hex');

/** What a self-signed certificate says. */
export interface CertificateFacts {
  readonly commonName: string;
  /** Big-endian; at most 20 bytes, the first neither zero nor above 0x7f. */
  readonly serialNumber: Uint8Array;
  readonly notBefore: EpochMillis;
  readonly notAfter: EpochMillis;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/**
 * A self-signed certificate in DER: the wrapping in which clients know a signing key by its thumbprint (`x5t`, `x5c`); nothing
 * is trusted because of it. Written out here because it is five fields, and a certificate library takes 0.2 s to load.
 * @see RFC 5280 section 4.1
 */
export function selfSign(facts: CertificateFacts): Buffer {
  const name = formatName(facts.commonName);
  const body = der(
    tags.sequence,
    der(tags.version, derInteger(Buffer.from([2]))),
    derInteger(facts.serialNumber),
    sha256WithRsa,
    name,
    der(tags.sequence, derTime(facts.notBefore), derTime(facts.notAfter)),
    name,
    facts.publicKey.export({ type: 'spki', format: 'der' }),
  );
  return der(tags.sequence, body, sha256WithRsa, derBits(sign('sha256', body, facts.privateKey)));
}

function formatName(commonName: string): Buffer {
  const attribute = der(
    tags.sequence,
    der(tags.objectId, commonNameId),
    der(tags.utf8String, Buffer.from(commonName, 'utf8')),
  );
  return der(tags.sequence, der(tags.set, attribute));
}
