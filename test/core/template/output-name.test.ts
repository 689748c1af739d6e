import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outputName } from '../../../src/core/template/output-name.ts';

describe('the name of an output', () => {
  it('begins small, as Azure shows it', () => {
    const shown = {
      VMSS: 'vmss',
      NewNIC: 'newNIC',
      TRANS_Test: 'tranS_Test',
      id: 'id',
      A: 'a',
      AppUrl: 'appUrl',
      IPAddress: 'ipAddress',
      '': '',
    };
    for (const [written, name] of Object.entries(shown)) assert.equal(outputName(written), name);
  });
});
