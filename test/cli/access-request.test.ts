import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseLength } from '../../src/cli/commands/access/duration.ts';
import { chooseEligible } from '../../src/cli/commands/access/eligibility.ts';

describe('postern access request --for', () => {
  const taken = { '1h': 'PT1H', '90m': 'PT90M', '1h30m': 'PT1H30M', '1d': 'P1D', '30s': 'PT30S', PT1H: 'PT1H' };
  for (const [text, duration] of Object.entries(taken)) {
    it(`takes ${text}`, () => assert.equal(parseLength(text), duration));
  }
  for (const text of ['', 'h', '1', '1 h', '-1h', '30m1h', 'soon']) {
    it(`does not take '${text}'`, () => assert.equal(parseLength(text), undefined));
  }
});

describe('postern access request --role', () => {
  const reader = {
    roleName: 'Reader',
    roleId: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    scope: '/subscriptions/s/resourceGroups/a',
  };
  const elsewhere = { ...reader, scope: '/subscriptions/s/resourceGroups/b' };

  it('takes a name or a GUID in any letter case, and the only scope where none is named', () => {
    assert.deepEqual(chooseEligible([reader], 'reader', undefined), reader);
    assert.deepEqual(chooseEligible([reader], reader.roleId.toUpperCase(), '/subscriptions/s'), {
      ...reader,
      scope: '/subscriptions/s',
    });
  });

  it('asks for the scope where there are several, and says what the identity is eligible for', () => {
    assert.match(JSON.stringify(chooseEligible([reader, elsewhere], 'Reader', undefined)), /--scope/);
    assert.match(JSON.stringify(chooseEligible([reader], 'Owner', undefined)), /'Reader' at/);
    assert.match(JSON.stringify(chooseEligible([], 'Owner', undefined)), /nothing/);
  });
});
