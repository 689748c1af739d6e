import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { denies, formatDenySettings, parseDenySettings } from '../../../src/core/stacks/deny-settings.ts';

const guid = (number: number) => `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`;

describe('denySettings', () => {
  it('are read with their defaults, each entry once', () => {
    const read = parseDenySettings({
      mode: 'DenyDelete',
      excludedPrincipals: [guid(1), guid(1).toUpperCase()],
      excludedActions: null,
    });
    assert.ok('mode' in read);
    assert.deepEqual([read.mode, read.excludedPrincipals.length, read.applyToChildScopes], ['denyDelete', 1, false]);
    assert.deepEqual(Object.keys(formatDenySettings(read)), ['mode', 'excludedPrincipals', 'applyToChildScopes']);
  });

  it('take five principals and two hundred actions, and no more', () => {
    const settings = (principals: number, actions: number) =>
      parseDenySettings({
        mode: 'none',
        excludedPrincipals: Array.from({ length: principals }, (_, at) => guid(at)),
        excludedActions: Array.from({ length: actions }, (_, at) => `A/b${at}/write`),
      });
    assert.ok('mode' in settings(5, 200));
    assert.ok('refused' in settings(6, 0));
    assert.ok('refused' in settings(0, 201));
  });

  it('are refused for another mode, for principals that are no GUIDs, for what is no list', () => {
    const wrong = [
      undefined,
      {},
      { mode: 'deny' },
      { mode: 'none', excludedPrincipals: ['me'] },
      { mode: 'none', excludedActions: 'a' },
      { mode: 'none', applyToChildScopes: 'yes' },
    ];
    for (const one of wrong) assert.ok('refused' in parseDenySettings(one), JSON.stringify(one));
  });

  it('deny unless their mode is none', () => {
    assert.ok(denies({ mode: 'denyDelete' }));
    assert.ok(!denies({ mode: 'NONE' }));
    assert.ok(!denies({}));
    assert.ok(!denies(undefined));
  });
});
