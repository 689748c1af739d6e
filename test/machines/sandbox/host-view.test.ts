import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { viewHost } from '../../../src/machines/sandbox/host-view.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'postern-view-')));
mkdirSync(join(folder, 'tools/bin'), { recursive: true });
mkdirSync(join(folder, 'tools/data/inner'), { recursive: true });
mkdirSync(join(folder, 'tools2'));
symlinkSync(join(folder, 'tools'), join(folder, 'link'));
after(() => rmSync(folder, { recursive: true }));

describe('what machines show of the host', { skip: process.platform !== 'linux' && 'machines are Linux only' }, () => {
  it('is the operating system, the tools and our own Node', () => {
    const { shown, programFolders } = viewHost([join(folder, 'tools')], []);
    const paths = shown.map(({ path }) => path);
    assert.ok(paths.includes('/usr') && paths.includes(join(folder, 'tools')));
    assert.ok(programFolders.includes(join(folder, 'tools/bin')));
    assert.ok(programFolders.includes(dirname(process.execPath)));
  });

  it('masks what is hidden within a tool, also where the tool is reached by a link', () => {
    const hidden = [join(folder, 'tools/data')];
    assert.deepEqual(viewHost([join(folder, 'tools')], hidden).hidden, hidden);
    assert.deepEqual(viewHost([join(folder, 'link')], hidden).hidden, [join(folder, 'link/data')]);
    assert.deepEqual(viewHost([join(folder, 'tools2')], hidden).hidden, []);
  });

  it('leaves out a tool within what is hidden', () => {
    const { shown, omitted } = viewHost([join(folder, 'tools/data/inner')], [join(folder, 'tools/data')]);
    assert.ok(shown.every(({ path }) => !path.startsWith(folder)));
    assert.match(omitted.join(), /must not see/);
  });

  it('leaves out what is absent and what would stand in for a folder of the machine', () => {
    const { omitted } = viewHost([join(folder, 'none'), '/', '/etc', '/tmp'], []);
    assert.equal(omitted.length, 4);
  });
});
