/** DER tags that a certificate of ours needs (X.690 section 8). */
export const tags = {
  integer: 0x02,
  bitString: 0x03,
  null: 0x05,
  objectId: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** Context-specific, constructed, number 0: a certificate's `version`. */
  version: 0xa0,
} as const;

/** One DER value: tag, length, and the parts' bytes one after the other. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...formatLength(content.length)]), content]);
}

/** A bit string of whole bytes. */
export function derBits(bytes: Uint8Array): Buffer {
  return der(tags.bitString, Buffer.from([0]), bytes);
}

/** A non-negative integer from its big-endian bytes, the first of which is not zero. */
export function derInteger(bytes: Uint8Array): Buffer {
  const sign = (bytes[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0);
  return der(tags.integer, sign, bytes);
}

/** A time: two-digit years until 2049, four digits from then on (RFC 5280 section 4.1.2.5). */
export function derTime(millis: number): Buffer {
  const digits = new Date(millis).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  const short = Number(digits.slice(0, 4)) < 2050;
  return der(short ? tags.utcTime : tags.generalizedTime, Buffer.from(short ? digits.slice(2) : digits));
}

function formatLength(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}
