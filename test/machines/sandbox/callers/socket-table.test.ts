import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Endianness,
  formatEnd,
  formatKey,
  mappedPrefix,
  parseSocketTable,
} from '../../../../src/machines/sandbox/callers/socket-table.ts';

const title = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const [client, imds] = ['FEA9FEA9:D431', 'FEA9FEA9:0050'];
const key = formatKey({ local: client, remote: imds });

/** A row as the kernel writes it. */
function row(state: string, uid: number, inode: number, ends = `${client} ${imds}`): string {
  return `   4: ${ends} ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 00000000abcdef00 20 4 30 10 -1      `;
}

function parse(...rows: readonly string[]) {
  return parseSocketTable(`${[title, ...rows].join('\n')}\n`, 'LE');
}

describe('an end of a connection', () => {
  it('is the words of memory in hexadecimal, the port as a number', () => {
    assert.equal(formatEnd('169.254.169.254', 80, 'LE'), imds);
    assert.equal(formatEnd('169.254.169.254', 80, 'BE'), 'A9FEA9FE:0050');
    assert.equal(formatEnd('127.0.0.1', 54_321, 'LE'), '0100007F:D431');
    assert.equal(formatEnd('127.0.0.1', 54_321, 'BE'), '7F000001:D431');
  });

  it('is the same for an IPv4-mapped address', () => {
    assert.equal(formatEnd('::ffff:169.254.169.254', 80, 'LE'), imds);
    assert.equal(formatEnd('::FFFF:169.254.169.254', 80, 'LE'), imds);
  });

  it('is none for what is no IPv4 address', () => {
    for (const address of ['', '::1', '1.2.3', '1.2.3.256', '1.2.3.4.5', '::1.2.3.4']) {
      assert.equal(formatEnd(address, 80, 'LE'), undefined, address);
    }
  });
});

describe('a row of the table', () => {
  it('says who holds the end while it is established or half closed', () => {
    for (const state of ['01', '04', '05', '08']) {
      assert.deepEqual(parse(row(state, 1000, 77)).get(key), { uid: 1000, inode: 77 }, state);
    }
  });

  it('of a socket that nobody holds any more says nothing: it shows uid 0', () => {
    for (const state of ['04', '05', '06', '07', '09', '0B'])
      assert.equal(parse(row(state, 0, 0)).has(key), false, state);
  });

  it('of another state says nothing, whatever its uid', () => {
    for (const state of ['02', '03', '06', '07', '09', '0A', '0B', '0C']) {
      assert.equal(parse(row(state, 1000, 77)).has(key), false, state);
    }
  });

  it('of root counts as every other', () => {
    assert.deepEqual(parse(row('01', 0, 77)).get(key), { uid: 0, inode: 77 });
  });

  it('of the other direction, port or address is another connection', () => {
    const others = [`${imds} ${client}`, `FEA9FEA9:D432 ${imds}`, `${client} FEA9FEA9:0051`, `0100007F:D431 ${imds}`];
    assert.equal(parse(...others.map((ends) => row('01', 0, 78, ends))).has(key), false);
  });

  it('is found among those of the same ends that have ended or want to begin', () => {
    const table = parse(row('06', 0, 0), row('02', 1001, 79), row('01', 1000, 77), row('05', 0, 0));
    assert.deepEqual(table.get(key), { uid: 1000, inode: 77 });
  });

  it('that is there twice counts once, and two different ones say nothing', () => {
    assert.deepEqual(parse(row('01', 1000, 77), row('01', 1000, 77)).get(key), { uid: 1000, inode: 77 });
    assert.equal(parse(row('01', 1000, 77), row('01', 0, 78)).get(key), undefined);
    assert.equal(parse(row('01', 1000, 77), row('01', 1000, 78), row('01', 1000, 78)).get(key), undefined);
  });

  it('of the IPv6 table is found when its addresses are IPv4-mapped', () => {
    for (const order of ['LE', 'BE'] satisfies Endianness[]) {
      const prefix = mappedPrefix(order);
      const text = `${title}\n${row('01', 33, 5, `${prefix}${client} ${prefix}${imds}`)}\n`;
      assert.deepEqual(parseSocketTable(text, order).get(key), { uid: 33, inode: 5 });
    }
    assert.equal(parse(row('01', 33, 5, `${'0'.repeat(24)}${client} ${'0'.repeat(24)}${imds}`)).has(key), false);
  });
});

describe('any text', () => {
  it('is read without an error, and never as inode 0', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constant(row('01', 1000, 77)),
      fc.constant(row('01', 0, 0)).map((text) => text.slice(3)),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const end of parseSocketTable(lines.join('\n'), 'LE').values())
          assert.ok(end === undefined || end.inode > 0);
      }),
    );
  });
});
