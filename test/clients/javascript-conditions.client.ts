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
    assert.equal(seen['scheduled'], 'Provisioned');
    assert.match(String(seen['scheduledTooMuch']), /^LinkedAuthorizationFailed: .*roleAssignments\/write/);
  });
  it('roleAssignments: delete by a delegate, of the role that its condition names alone', () => {
    assert.match(String(seen['notTaken']), /^AuthorizationFailed: .*ABAC condition not fulfilled .*delete/);
    assert.match(String(seen['taken']), /^RoleAssignmentNotFound/);
  });
  it('roleAssignments: create, refused for what is no condition', () => {
    const flaws = {
      unknown: /At position 2: there is no attribute @Request\[a:b\]/,
      open: /At position 20: AND, OR or '\)' is expected, not the end/,
      closed: /At position 19: AND, OR or the end of the condition is expected, not '\)'/,
      deep: /At position 65: expressions are nested deeper than 64/,
      long: /it has 600018 characters; at most 8192 are allowed/,
    };
    for (const [name, flaw] of Object.entries(flaws)) {
      assert.match(String(seen[name]), /^InvalidRoleAssignmentCondition: /);
      assert.match(String(seen[name]), flaw);
    }
  });
});
