import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileActions } from '../../../src/core/rbac/action-pattern.ts';

const matches = (pattern: string, action: string) => compileActions([pattern])(action.toLowerCase());

describe('an action pattern', () => {
  it('matches without regard to letter case', () => {
    assert.ok(matches('Microsoft.Compute/VirtualMachines/Read', 'microsoft.compute/virtualMachines/read'));
  });

  it('lets * stand for any run, slashes included', () => {
    assert.ok(matches('*/read', 'Microsoft.Compute/virtualMachines/instanceView/read'));
    assert.ok(matches('Microsoft.Authorization/*/Write', 'Microsoft.Authorization/roleAssignments/write'));
    assert.ok(matches('*', 'anything/at/all'));
  });

  it('is anchored at both ends', () => {
    assert.ok(!matches('*/read', 'Microsoft.Compute/virtualMachines/read/action'));
    assert.ok(!matches('Microsoft.Compute/*', 'x.Microsoft.Compute/virtualMachines/read'));
    assert.ok(!matches('Microsoft.Compute/disks/read', 'Microsoft.Compute/disks/read2'));
  });

  it('wants the slash that */read writes: Reader does not cover list actions', () => {
    assert.ok(!matches('*/read', 'read'));
    assert.ok(!matches('*/read', 'Microsoft.Storage/storageAccounts/listKeys/action'));
  });

  it('does not let the parts around a star overlap', () => {
    assert.ok(!matches('ab*ba', 'aba'));
    assert.ok(matches('ab*ba', 'abba'));
    assert.ok(!matches('a*b*b', 'ab'));
  });

  it('treats the letters of a regular expression as letters', () => {
    assert.ok(!matches('Microsoft.Compute/disks/read', 'MicrosoftxCompute/disks/read'));
    assert.ok(!matches('(a|b)+/read', 'a/read'));
  });

  it('matches nothing when there is no pattern', () => {
    assert.ok(!compileActions([])('microsoft.compute/disks/read'));
  });

  it('agrees with a naive matcher on random patterns', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'B', '/', '*', '.'), maxLength: 8 });
    const action = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 10 });
    fc.assert(
      fc.property(word, action, (pattern, target) => {
        assert.equal(matches(pattern, target), naiveGlob(pattern.toLowerCase(), target));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no exponential time on a hostile pattern', () => {
    const pattern = `${'a*'.repeat(400)}b*`;
    assert.ok(!matches(pattern, 'a'.repeat(20_000)));
  });
});

function naiveGlob(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) {
    return naiveGlob(pattern.slice(1), text) || (text !== '' && naiveGlob(pattern, text.slice(1)));
  }
  return text !== '' && text[0] === pattern[0] && naiveGlob(pattern.slice(1), text.slice(1));
}
