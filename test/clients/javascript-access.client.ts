import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningPostern, runProgram, startPostern } from './running-postern.ts';

let postern: RunningPostern;
let seen: Readonly<Record<string, unknown>>;

before(async () => {
  postern = await startPostern();
  const { environment } = postern;
  const program = resolve(import.meta.dirname, 'javascript-access.ts');
  // The program runs in a process of its own, since NODE_EXTRA_CA_CERTS is read at start.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: environment.ca };
  const result = runProgram(process.execPath, [program], JSON.stringify({ ...environment, group: 'js-access' }), env);
  assert.equal(result.status, 0, result.stderr);
  seen = JSON.parse(result.stdout);
});
after(() => postern?.stop());

describe('@azure/arm-compute 25.1.1: in-VM access control', () => {
  it('galleryInVMAccessControlProfiles: createOrUpdate, get, delete', () => {
    assert.equal(seen['profile'], 'Linux');
    assert.match(String(seen['nested']), /^CannotDeleteResource/);
    assert.match(String(seen['gone']), /^ResourceNotFound/);
  });
  it('galleryInVMAccessControlProfileVersions: createOrUpdate, list, delete', () => {
    assert.deepEqual([seen['rules'], seen['published'], seen['listed']], [true, true, ['1.0.0']]);
  });
  it('galleryInVMAccessControlProfileVersions: createOrUpdate, refused for what is wrong and for what is used', () => {
    assert.match(String(seen['wrong']), /^InvalidParameter: .*Strict/);
    assert.match(String(seen['used']), /^PropertyChangeNotAllowed/);
  });
  it('virtualMachines: createOrUpdate with proxyAgentSettings', () => {
    assert.equal(seen['reference'], true);
  });
});
