import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/core/json.ts';
import { twoUsers } from '../../../core/access/example-profile.ts';
import { subscription, type Told } from '../../kit/door.ts';
import { type Cloud, codeOf, at as dig, group, machineId, openCloud } from './cloud.ts';

let cloud: Cloud;
beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.close());

const gallery = `${group}/providers/Microsoft.Compute/galleries/gal`;
const profile = `${gallery}/inVMAccessControlProfiles/web`;
const version = (name: string) => `${profile}/versions/${name}`;
const setId = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/set-1`;
const imds = { properties: { osType: 'Linux', applicableHostEndpoint: 'IMDS' } };

const put = (path: string, body: JsonObject = {}) => cloud.ask('PUT', path, { body: { location: 'eastus', ...body } });
const at = (value: JsonObject, path: string) => dig(value, ...path.split('.'));
const failure = (told: Told) => [told.status, codeOf(told)];
const settings = (referenceId: string, more: JsonObject = {}): JsonObject => ({
  securityProfile: {
    proxyAgentSettings: { enabled: true, imds: { inVMAccessControlProfileReferenceId: referenceId, ...more } },
  },
});

/** A profile with these versions. */
async function publish(...names: readonly string[]): Promise<void> {
  await put(gallery);
  await put(profile, imds);
  for (const name of names) assert.equal((await put(version(name), { properties: twoUsers })).status, 201);
}

describe('galleries', () => {
  it('are made, shown, listed, changed and deleted', async () => {
    const made = await put(gallery, { tags: { a: 'b' }, properties: { description: 'ours' } });
    assert.equal(made.status, 201);
    assert.equal(at(made.json, 'properties.provisioningState'), 'Succeeded');
    assert.match(String(at(made.json, 'properties.identifier.uniqueName')), /-GAL$/);
    assert.equal((await put(gallery)).status, 200);
    const all = await cloud.ask('GET', `${subscription}/providers/Microsoft.Compute/galleries`);
    assert.equal((all.json['value'] as JsonObject[]).length, 1);
    const patched = await cloud.ask('PATCH', gallery, { body: { tags: { c: 'd' } } });
    assert.deepEqual([at(patched.json, 'tags.c'), at(patched.json, 'properties.description')], ['d', undefined]);
    assert.equal((await cloud.ask('DELETE', gallery)).status, 200);
    assert.equal((await cloud.ask('DELETE', gallery)).status, 204);
    assert.deepEqual(failure(await cloud.ask('GET', gallery)), [404, 'ResourceNotFound']);
  });

  it('are not deleted before what they hold', async () => {
    await publish();
    assert.deepEqual(failure(await cloud.ask('DELETE', gallery)), [409, 'CannotDeleteResource']);
  });

  it('have names with letters, digits, periods and underscores', async () => {
    assert.deepEqual(failure(await put(`${gallery}-1`)), [400, 'InvalidParameter']);
  });
});

describe('in-VM access control profiles', () => {
  it('need their gallery', async () => {
    assert.deepEqual(failure(await put(profile, imds)), [404, 'ParentResourceNotFound']);
  });

  it('say for which system and endpoint, and cannot change it', async () => {
    await put(gallery);
    assert.deepEqual(failure(await put(profile)), [400, 'InvalidParameter']);
    assert.equal((await put(profile, imds)).status, 201);
    const other = { properties: { osType: 'Linux', applicableHostEndpoint: 'WireServer' } };
    assert.deepEqual(failure(await put(profile, other)), [409, 'PropertyChangeNotAllowed']);
    const described = await cloud.ask('PATCH', profile, { body: { properties: { description: 'web servers' } } });
    assert.deepEqual([described.status, at(described.json, 'properties.osType')], [200, 'Linux']);
  });
});

describe('versions of a profile', () => {
  it('show their rules as they were written', async () => {
    await publish('1.0.0');
    const shown = await cloud.ask('GET', version('1.0.0'));
    assert.deepEqual(at(shown.json, 'properties.rules'), twoUsers['rules']);
    assert.equal(at(shown.json, 'properties.mode'), 'Enforce');
    assert.equal(at(shown.json, 'properties.excludeFromLatest'), false);
    const all = await cloud.ask('GET', `${profile}/versions`);
    assert.equal((all.json['value'] as JsonObject[]).length, 1);
  });

  it('have three numbers for a name', async () => {
    await publish();
    for (const name of ['1', '1.0', 'latest', '1.0.x', '1.0.99999999999']) {
      assert.deepEqual(failure(await put(version(name), { properties: twoUsers })), [400, 'InvalidParameter'], name);
    }
  });

  it('are refused with the value that is wrong', async () => {
    await publish();
    const told = await put(version('1.0.0'), { properties: { ...twoUsers, rules: { identities: [{ name: 'i' }] } } });
    assert.deepEqual(failure(told), [400, 'InvalidParameter']);
    assert.match(told.text, /properties\.rules\.identities\[0\]/);
  });

  it('change until a machine uses them', async () => {
    await publish('1.0.0');
    const audit = { properties: { ...twoUsers, mode: 'Audit' } };
    assert.equal((await put(version('1.0.0'), audit)).status, 200);
    const machine = { properties: settings(version('1.0.0')) };
    assert.equal(
      (await cloud.done('PUT', machineId('web-1'), { body: { location: 'eastus', ...machine } })).status,
      201,
    );
    assert.deepEqual(failure(await put(version('1.0.0'), { properties: twoUsers })), [409, 'PropertyChangeNotAllowed']);
    const excluded = { properties: { ...audit.properties, excludeFromLatest: true } };
    assert.equal((await put(version('1.0.0'), excluded)).status, 200);
    await cloud.done('DELETE', machineId('web-1'));
    assert.deepEqual(failure(await put(version('1.0.0'), { properties: twoUsers })), [409, 'PropertyChangeNotAllowed']);
  });

  it('change no more, any of them, where a machine uses the latest', async () => {
    await publish('1.0.0', '1.1.0');
    await cloud.done('PUT', machineId('web-1'), { body: { location: 'eastus', properties: settings(profile) } });
    const audit = { properties: { ...twoUsers, mode: 'Audit' } };
    assert.deepEqual(failure(await put(version('1.1.0'), audit)), [409, 'PropertyChangeNotAllowed']);
    assert.equal((await put(version('1.2.0'), audit)).status, 201);
  });

  it('are new again when they were deleted, or their group was', async () => {
    await publish('1.0.0');
    const body = { location: 'eastus', properties: settings(version('1.0.0')) };
    await cloud.done('PUT', machineId('web-1'), { body });
    assert.equal((await cloud.ask('DELETE', version('1.0.0'))).status, 200);
    await publish('1.0.0');
    assert.equal((await put(version('1.0.0'), { properties: { ...twoUsers, mode: 'Audit' } })).status, 200);
    await cloud.done('PATCH', machineId('web-1'), { body: { properties: settings(version('1.0.0')) } });
    await cloud.done('DELETE', group);
    await put(group);
    await publish('1.0.0');
    assert.equal((await put(version('1.0.0'), { properties: { ...twoUsers, mode: 'Audit' } })).status, 200);
  });
});

describe("a machine's proxyAgentSettings", () => {
  it('refer to a version, to a profile or to its latest', async () => {
    await publish('1.0.0');
    for (const [number, id] of [version('1.0.0').toUpperCase(), profile, `${profile}/versions/latest`].entries()) {
      const told = await cloud.done('PUT', machineId(`web-${number}`), {
        body: { location: 'eastus', properties: settings(id, { mode: 'Audit' }) },
      });
      assert.equal(told.status, 201);
      const kept = 'properties.securityProfile.proxyAgentSettings.imds.inVMAccessControlProfileReferenceId';
      assert.equal(at((await cloud.ask('GET', machineId(`web-${number}`))).json, kept), id);
    }
  });

  it('are refused where they refer to nothing, or to a profile for the wire server', async () => {
    await publish('1.0.0');
    await put(`${gallery}/inVMAccessControlProfiles/wire`, {
      properties: { osType: 'Linux', applicableHostEndpoint: 'WireServer' },
    });
    const wrong = [version('1.0.1'), `${profile}x`, gallery, 'web', `${gallery}/inVMAccessControlProfiles/wire`];
    for (const id of wrong) {
      const told = await put(machineId('web-1'), { properties: settings(id) });
      assert.deepEqual(failure(told), [400, 'InvalidParameter'], id);
      assert.ok(told.text.includes(id));
    }
  });

  it('are refused with words that are unknown', async () => {
    for (const proxyAgentSettings of [
      'on',
      { enabled: 'yes' },
      { mode: 'Disabled' },
      { imds: { mode: 'Strict' } },
      { keyIncarnationId: -1 },
      { wireServer: { useLocalFileRules: 1 } },
    ]) {
      const told = await put(machineId('web-1'), { properties: { securityProfile: { proxyAgentSettings } } });
      assert.deepEqual(failure(told), [400, 'InvalidParameter'], JSON.stringify(proxyAgentSettings));
    }
  });

  it('need permission to read the profile to which they newly refer', async () => {
    await publish('1.0.0');
    cloud.grants.push({ principalId: 'reader', action: /virtualMachines/i, scope: subscription });
    const body = { location: 'eastus', properties: settings(version('1.0.0')) };
    const denied = await cloud.ask('PUT', machineId('web-1'), { token: 'reader', body });
    assert.deepEqual(failure(denied), [403, 'LinkedAuthorizationFailed']);
    await cloud.done('PUT', machineId('web-1'), { body });
    const again = { token: 'reader', body: { ...body, tags: { a: 'b' } } };
    assert.equal((await cloud.done('PUT', machineId('web-1'), again)).status, 200);
  });

  it('reach the machines of a scale set', async () => {
    await publish('1.0.0');
    const set = {
      sku: { name: 'Standard_B1s', capacity: 1 },
      properties: { virtualMachineProfile: settings(profile) },
    };
    assert.equal((await cloud.done('PUT', setId, { body: { location: 'eastus', ...set } })).status, 201);
    const instance = cloud.machines.view(`${setId}/virtualMachines/0`);
    const kept = 'properties.securityProfile.proxyAgentSettings.imds.inVMAccessControlProfileReferenceId';
    assert.equal(at(instance?.resource as JsonObject, kept), profile);
    const wrong = { ...set, properties: { virtualMachineProfile: settings(version('9.9.9')) } };
    assert.deepEqual(failure(await put(`${setId}b`, wrong)), [400, 'InvalidParameter']);
  });
});
