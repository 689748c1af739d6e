import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { colourful, formatFacts, formatTable } from '../../src/cli/terminal.ts';

describe('what people read', () => {
  it('stands in columns, with a dash for an empty cell and no blanks at the end of a line', () => {
    const table = formatTable(
      ['NAME', 'POWER'],
      [
        ['web-1', 'running'],
        ['a', ''],
      ],
    );
    assert.equal(table, 'NAME   POWER\nweb-1  running\na      -');
  });

  it('is aligned without regard to colour', () => {
    const table = formatTable(['\u001b[1mN\u001b[22m', 'P'], [['ab', 'c']]);
    assert.equal(table, '\u001b[1mN\u001b[22m   P\nab  c');
  });

  it('gives facts one line each', () => {
    assert.equal(
      formatFacts([
        ['origin', 'x'],
        ['pid', ''],
      ]),
      'origin  x\npid     -',
    );
  });

  it('is coloured on a terminal only', () => {
    assert.equal(colourful({ isTTY: true }, {}), true);
    assert.equal(colourful({}, {}), false);
    assert.equal(colourful({ isTTY: true }, { NO_COLOR: '1' }), false);
    assert.equal(colourful({ isTTY: true }, { TERM: 'dumb' }), false);
  });
});
