import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { azVersion } from './az-installation.ts';
import { writeMatrix } from './matrix.ts';
import { versionOf } from './versions.ts';

const page = [
  'before',
  '<!-- The table below is written by npm run clients. -->',
  'old',
  '<!-- The table above is written by npm run clients. -->',
  'after',
].join('\n');
const outcome = (...titles: readonly string[]) => ({ titles, passed: true, skipped: false });

describe('the matrix of clients', () => {
  it('takes the place of the table between its marks and nothing else', () => {
    const written = writeMatrix(page, [outcome('az: tags', 'az tag list'), outcome('az: groups', 'az group list')]);
    assert.match(written, /^before\n/);
    assert.match(written, /\nafter$/);
    assert.doesNotMatch(written, /old/);
    assert.ok(written.indexOf('group list') < written.indexOf('tag list'), 'in an order that runs do not change');
    assert.equal(writeMatrix(written, [outcome('az: groups', 'az group list')]).match(/\| az \|/g)?.length, 1);
  });

  it('names the client of the innermost title that has one, with its true version', () => {
    const titles = ['@azure/identity: credentials', 'inside a machine', '@azure/arm-msi: list'];
    const row = `| @azure/arm-msi | ${versionOf('@azure/arm-msi')} | credentials: inside a machine: list | works |`;
    assert.ok(writeMatrix(page, [outcome(...titles)]).includes(row));
    assert.ok(
      writeMatrix(page, [outcome(`az ${azVersion}: a | b`)]).includes(`| az | ${azVersion} | a \\| b | works |`),
    );
  });

  it('takes a title that is a client and nothing else', () => {
    assert.ok(
      writeMatrix(page, [outcome('az', 'az group list')]).includes(`| az | ${azVersion} | az group list | works |`),
    );
  });

  it('says what failed and what was not run', () => {
    const [failed, skipped] = [
      { ...outcome('az: x'), passed: false },
      { ...outcome('az: y'), skipped: true },
    ];
    const written = writeMatrix(page, [failed, skipped]);
    assert.match(written, /\| x \| FAILS \|/);
    assert.match(written, /\| y \| not run here \|/);
  });

  it('refuses a title without a client, one with another version, and a page without its marks', () => {
    assert.throws(() => writeMatrix(page, [outcome('tags: list')]), /no client is named/);
    assert.throws(() => writeMatrix(page, [outcome('az 1.0.0: list')]), /the title says az 1.0.0|says az 1.0.0/);
    assert.throws(() => writeMatrix('nothing', []), /lacks its marks/);
  });
});
