/** A connection as its other end sees it: `address:port` of both ends, as /proc/net/tcp writes them. */
export interface ConnectionKey {
  readonly local: string;
  readonly remote: string;
}

/** The end of a connection that a program holds. */
export interface HeldEnd {
  /** As the reader's user namespace numbers it. */
  readonly uid: number;
  /** The socket's number: `socket:[…]` in /proc/pid/fd. */
  readonly inode: number;
}

/**
 * The states in which a program can still hold its end: established, and half closed by either side. SYN_SENT is somebody who
 * wants the same port next; from TIME_WAIT on nobody holds it, and the table shows those with uid 0.
 * @see Linux include/net/tcp_states.h
 */
const heldStates = new Set(['01', '04', '05', '08']);

/** Which processor wrote the table: an address stands there as the words of memory that hold it. */
export type Endianness = 'LE' | 'BE';

/** An IPv4 address (also IPv4-mapped) and port as /proc/net/tcp writes them; undefined for what is no IPv4 address. */
export function formatEnd(address: string, port: number, endianness: Endianness): string | undefined {
  const bytes = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(address)?.slice(1).map(Number);
  if (bytes === undefined || bytes.some((byte) => byte > 255)) return undefined;
  const word = (endianness === 'LE' ? bytes.toReversed() : bytes).map((byte) => hex(byte, 2)).join('');
  return `${word}:${hex(port, 4)}`;
}

/** What stands before an IPv4 address in /proc/net/tcp6: the words of `::ffff:0:0`. */
export function mappedPrefix(endianness: Endianness): string {
  return `0000000000000000${endianness === 'LE' ? 'FFFF0000' : '0000FFFF'}`;
}

/**
 * Reads the held ends of a table by `local remote`; IPv4-mapped ones are found as IPv4. Undefined stands for an end that the
 * table shows as two different ones: it changed while it was read, and nothing certain can be said.
 * INVARIANT: a row with inode 0 is nobody's, whatever its uid says.
 * @see Linux Documentation/networking/proc_net_tcp.rst
 */
export function parseSocketTable(text: string, endianness: Endianness): ReadonlyMap<string, HeldEnd | undefined> {
  const ends = new Map<string, HeldEnd | undefined>();
  const mapped = mappedPrefix(endianness);
  let from = text.indexOf('\n') + 1;
  while (from > 0 && from < text.length) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 ? text.length : newline;
    readRow(text, from, to, mapped, ends);
    from = to + 1;
  }
  return ends;
}

/** The key by which `parseSocketTable` finds an end. */
export function formatKey({ local, remote }: ConnectionKey): string {
  return `${local} ${remote}`;
}

function readRow(text: string, from: number, to: number, mapped: string, ends: Map<string, HeldEnd | undefined>): void {
  const start = text.indexOf(': ', from) + 2;
  const space = text.indexOf(' ', start);
  const second = text.indexOf(' ', space + 1);
  // Most rows of a busy machine are of connections that have ended: they are passed over before anything is cut out.
  if (second < 0 || second > to || !heldStates.has(text.slice(second + 1, second + 3))) return;
  const fields = text.slice(second, to).trim().split(/\s+/);
  const uid = Number(fields[4]);
  const inode = Number(fields[6]);
  if (!Number.isSafeInteger(uid) || !Number.isSafeInteger(inode) || inode <= 0) return;
  const key = formatKey({
    local: withoutPrefix(text.slice(start, space), mapped),
    remote: withoutPrefix(text.slice(space + 1, second), mapped),
  });
  const known = ends.get(key);
  const isSame = !ends.has(key) || (known?.uid === uid && known.inode === inode);
  ends.set(key, isSame ? { uid, inode } : undefined);
}

function withoutPrefix(end: string, prefix: string): string {
  return end.startsWith(prefix) ? end.slice(prefix.length) : end;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
