/**
 * `uniqueString`: 64 bits of a MurmurHash3 with 32-bit lanes, of Microsoft's own constants and shifts, in 13 letters of five bits each.
 * Azure does not document it; Microsoft publishes it in the package Azure.Deployments.Expression. Verified against five values that
 * real templates gave (test/core/template/expression/vectors.ts).
 */
export function uniqueStringOf(name: string): string {
  let hash = murmur64(new TextEncoder().encode(name));
  let letters = '';
  for (let index = 0; index < 13; index++) {
    letters += alphabet[Number(hash >> 59n)];
    hash = BigInt.asUintN(64, hash << 5n);
  }
  return letters;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const c1 = 0x239b961b;
const c2 = 0xab0e9789;

function murmur64(bytes: Uint8Array): bigint {
  let [low, high] = [0, 0];
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) {
    low = add(Math.imul(add(rotate(low ^ lane(lowWord(bytes, at), c1, 15, c2), 19), high), 5), 0x561ccd1b);
    high = add(Math.imul(add(rotate(high ^ lane(lowWord(bytes, at + 4), c2, 17, c1), 13), low), 5), 0x0bcaa747);
  }
  low ^= lane(lowWord(bytes, whole), c1, 15, c2);
  high ^= lane(lowWord(bytes, whole + 4), c2, 17, c1);
  return finish(low ^ bytes.length, high ^ bytes.length);
}

function finish(low: number, high: number): bigint {
  const sum = add(low, high);
  const [first, second] = [avalanche(sum), avalanche(add(high, sum))];
  const lowest = add(first, second);
  return (BigInt(add(second, lowest)) << 32n) | BigInt(lowest);
}

/** The four bytes from here, the lowest first; none beyond the end. */
function lowWord(bytes: Uint8Array, at: number): number {
  const byte = (index: number) => bytes[at + index] ?? 0;
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}

function lane(word: number, before: number, by: number, after: number): number {
  return Math.imul(rotate(Math.imul(word, before), by), after);
}

function avalanche(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function add(a: number, b: number): number {
  return (a + b) >>> 0;
}
