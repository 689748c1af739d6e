/**
 * The id of a record, a GUID: the first 16 bytes of its hash, which no other record has. It is neither drawn nor written, and
 * stands and falls with what the record says. @see RFC 9562, 5.8 (version 8)
 */
export function recordIdOf(hash: string): string {
  const digits = hexOf(hash.slice(0, 22)).padEnd(32, '0');
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 3) | 8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    variant + digits.slice(17, 20),
    digits.slice(20, 32),
  ].join('-');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Base64url in hexadecimal, 3 digits for every 2 characters. What is not of the alphabet counts as 0. */
function hexOf(text: string): string {
  const sixBits = (at: number) => Math.max(0, alphabet.indexOf(text.charAt(at)));
  const pairs = Array.from({ length: Math.ceil(text.length / 2) }, (_, pair) => pair * 2);
  return pairs.map((at) => (sixBits(at) * 64 + sixBits(at + 1)).toString(16).padStart(3, '0')).join('');
}
