import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostView } from '../../../src/machines/sandbox/host-view.ts';
import { mountOptionsAt, mountsBelow, parseMountInfo } from '../../../src/machines/sandbox/mount-info.ts';
import { formatFstab, listMounts } from '../../../src/machines/sandbox/mount-table.ts';
import { listPlaces } from '../../../src/machines/sandbox/places.ts';

const mountInfo = [
  '21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
  '22 21 0:30 / /srv/my\\040tools rw,nosuid,noexec - tmpfs tmpfs rw',
  '23 22 0:31 / /srv/my\\040tools/deep rw - tmpfs tmpfs rw',
  '24 21 0:32 / /srv/my\\040tools2 rw - tmpfs tmpfs rw',
].join('\n');
const mounts = parseMountInfo(mountInfo);

const view: HostView = {
  shown: [
    { path: '/usr', source: '/usr', kind: 'directory' },
    { path: '/srv/my tools', source: '/srv/my tools', kind: 'directory' },
    { path: '/tmp/tool', source: '/data/tool', kind: 'directory' },
    { path: '/root/tools/one', source: '/root/tools/one', kind: 'file' },
  ],
  links: [],
  devices: ['/dev/null'],
  hidden: ['/srv/my tools/secret'],
  shell: '/bin/sh',
  programFolders: [],
  mounts,
  omitted: [],
};
const listed = listMounts({ view, root: '/r', folder: '/m', map: { kind: 'shifted', base: 1000 } });

describe("the host's mounts", () => {
  it('are read with their spaces', () => {
    assert.deepEqual(mountOptionsAt(mounts, '/srv/my tools/x'), ['rw', 'nosuid', 'noexec']);
  });

  it('are told apart by whole segments', () => {
    assert.deepEqual(mountOptionsAt(mounts, '/srv/my toolsX'), ['rw', 'relatime']);
    assert.deepEqual(
      mountsBelow(mounts, '/srv/my tools').map(({ path }) => path),
      ['/srv/my tools/deep'],
    );
  });
});

describe('what a machine sees', () => {
  it('is of the host read-only, save harmless devices', () => {
    const own = ['/m/disk/', '/dev/null'];
    const binds = listed.filter(({ options }) => options.some((option) => option === 'bind' || option === 'rbind'));
    const writable = binds.filter(({ options }) => !options.includes('ro'));
    assert.ok(writable.every(({ source }) => own.some((prefix) => source.startsWith(prefix))));
    assert.ok(binds.every(({ options }) => options.includes('nosuid')));
  });

  it('is read-only also where the host has another mount within', () => {
    const deep = listed.find(({ target }) => target === '/srv/my tools/deep');
    assert.ok(deep?.options.includes('ro'));
  });

  it('keeps the flags that a user namespace may not lift', () => {
    assert.ok(listed.find(({ target }) => target === '/srv/my tools')?.options.includes('noexec'));
    assert.ok(!listed.find(({ target }) => target === '/usr')?.options.includes('noexec'));
  });

  it('has a mask over what is hidden, after what it lies in', () => {
    const targets = listed.map(({ target }) => target);
    assert.ok(targets.indexOf('/srv/my tools/secret') > targets.indexOf('/srv/my tools/deep'));
    assert.equal(listed.find(({ target }) => target === '/srv/my tools/secret')?.type, 'tmpfs');
  });

  it('is written so that fstab(5) reads the same paths back', () => {
    const text = formatFstab(listed, '/r');
    assert.match(text, /^\/srv\/my\\040tools \/r\/srv\/my\\040tools none rbind,/m);
    assert.match(text, /^\/r \/r none bind,/);
    assert.match(text, /^\/data\/tool \/r\/tmp\/tool none rbind,ro,nosuid,nodev,X-mount\.mkdir=0755 /m);
    assert.equal(
      formatFstab([{ source: '/a#b\tc\\', target: '/', type: 'none', options: ['ro'] }], '/r').split(' ')[0],
      '/a\\043b\\011c\\134',
    );
  });
});

describe("the places on a machine's disk", () => {
  const accounts = [
    { name: 'root', id: 0, home: '/root', groups: [] },
    { name: 'bob', id: 1000, home: '/home/bob', groups: [] },
  ];

  it('come outer ones first, with their owners', () => {
    const places = listPlaces({ kind: 'shifted', base: 5000 }, accounts, view.shown);
    const paths = places.map(({ path }) => path);
    assert.deepEqual(paths.slice(-3), ['home/bob', 'root/tools', 'root/tools/one']);
    assert.equal(places.find(({ path }) => path === 'home/bob')?.owner, 6000);
    assert.equal(places.find(({ path }) => path === 'root')?.owner, 5000);
    assert.equal(places.at(-1)?.kind, 'file');
  });

  it("let users through root's home only where a tool is shown in it", () => {
    const modeOf = (shown: HostView['shown']) => listPlaces({ kind: 'shifted', base: 0 }, accounts, shown)[0]?.mode;
    assert.equal(modeOf(view.shown), '711');
    assert.equal(modeOf([]), '700');
  });

  it('all belong to root where there is no other id', () => {
    const places = listPlaces({ kind: 'single', hostUid: 1, hostGid: 1 }, accounts, []);
    assert.ok(places.every(({ owner }) => owner === 0));
  });
});
