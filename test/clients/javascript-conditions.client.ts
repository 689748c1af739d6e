import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

let postern: RunningPostern;
let seen: Readonly<Record<string, unknown>>;

before(async () => {
  postern = await startPostern();
  const { environment } = postern;
  const program = resolve(import.meta.dirname, 'javascript-conditions.ts');
  // The program runs in a process of its own, since NODE_EXTRA_CA_CERTS is read at start.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: environment.ca };
  const input = JSON.stringify({ ...environment, group: 'js-conditions' });
  const result = runProgram(process.execPath, [program], input, env);
  assert.equal(result.status, 0, result.stderr);
  seen = JSON.parse(result.stdout);
});
after(() => postern?.stop());

describe('@azure/arm-authorization 9.0.0: conditions', () => {
  it('roleAssignments: create, get and listForScope with a condition', () => {
    assert.deepEqual([seen['conditions'], seen['version']], [[true, true, true], '2.0']);
  });
  it('roleAssignments: create by a delegate, of the role that its condition names alone', () => {
    assert.equal(seen['given'], true);
    for (const refused of ['tooMuch', 'ownFreed']) {
      assert.match(
        String(seen[refused]),
        /^AuthorizationFailed: .*ABAC condition not fulfilled to perform action .*write/,
      );
    }
  });
  it('roleAssignments: delete by a delegate, of the role that its condition names alone', () => {
    assert.match(String(seen['notTaken']), /^AuthorizationFailed: .*ABAC condition not fulfilled .*delete/);
    assert.match(String(seen['taken']), /^RoleAssignmentNotFound/);
  });
  it('roleAssignments: create, refused for what is no condition', () => {
    assert.match(
      String(seen['ill']),
      /^InvalidRoleAssignmentCondition: .*At position 2: there is no attribute @Request\[a:b\]/,
    );
  });
});
