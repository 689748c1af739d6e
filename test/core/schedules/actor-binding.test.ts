import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileCondition } from '../../../src/core/rbac/condition/compile.ts';
import { parseCondition } from '../../../src/core/rbac/condition/parse.ts';
import { isFlaw } from '../../../src/core/rbac/condition/syntax.ts';
import { bindToActor } from '../../../src/core/schedules/actor-binding.ts';

const machineResourceId =
  '/subscriptions/11111111-0000-0000-0000-000000000001/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/web-1';
const hostile = [
  "'",
  '\\',
  '&&',
  '||',
  ')',
  '(',
  '@',
  '[',
  ']',
  '!',
  '\n',
  "' || 'a' StringEquals 'a",
  "\\' || true || '",
  'alice',
];
const names = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 32 }),
  fc.array(fc.constantFrom(...hostile), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')),
);

function holds(condition: string, userName: string, machine = machineResourceId): boolean {
  const parsed = parseCondition(condition);
  assert.ok(!isFlaw(parsed), isFlaw(parsed) ? `${parsed.flaw} in ${condition}` : '');
  const facts = { now: 0, actor: { userName, uid: 1 }, machineResourceId: machine };
  return compileCondition(parsed)({ action: 'a/b/read', principalId: 'p', plane: 'control', facts } as never) === true;
}

describe('a grant that is bound to one user of one machine', () => {
  it('holds for that user there, however the name is spelled, and for nobody else', () => {
    fc.assert(
      fc.property(names, names, (name, other) => {
        const condition = bindToActor({ userName: name, uid: 1, machineResourceId });
        assert.ok(holds(condition, name));
        assert.ok(!holds(condition, name, `${machineResourceId}0`));
        if (other !== name) assert.ok(!holds(condition, other));
      }),
    );
  });

  it('keeps a further condition, as a whole', () => {
    const either = '@Principal[Postern/actor:uid] NumericEquals 1 || @Principal[Postern/actor:uid] NumericEquals 2';
    const condition = bindToActor({ userName: 'alice', uid: 1, machineResourceId }, either);
    assert.ok(holds(condition, 'alice'));
    assert.ok(!holds(condition, 'bob'));
  });
});
