import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { JsonObject } from '../../../../src/core/json.ts';
import { subscription } from '../../kit/door.ts';
import { at, type Cloud, codeOf, group, machineId, openCloud } from './cloud.ts';

let cloud: Cloud;
beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(() => cloud.close());

const compute = `${subscription}/providers/Microsoft.Compute`;
const eastus = `${compute}/locations/eastus`;
const publishers = `${eastus}/publishers`;
const ubuntu = `${publishers}/Canonical/artifacttypes/vmimage/offers/ubuntu-24_04-lts/skus`;
const shown = async (path: string) => (await cloud.ask('GET', path)).json;
const valuesOf = async (path: string) => (await shown(path))['value'] as readonly JsonObject[];
/** Lists of images are bare arrays. */
const namesOf = async (path: string) =>
  (JSON.parse((await cloud.ask('GET', path)).text) as readonly JsonObject[]).map(({ name }) => String(name));
const codeAt = async (path: string) => {
  const told = await cloud.ask('GET', path);
  return [told.status, codeOf(told)];
};

describe('GET locations/{location}/vmSizes', () => {
  it('lists sizes with their numbers', async () => {
    const size = (await valuesOf(`${eastus}/vmSizes`)).find(({ name }) => name === 'Standard_B2s');
    assert.deepEqual(size, {
      name: 'Standard_B2s',
      numberOfCores: 2,
      osDiskSizeInMB: 1_047_552,
      resourceDiskSizeInMB: 8192,
      memoryInMB: 4096,
      maxDataDiskCount: 4,
    });
  });
  it('names each size once', async () => {
    const names = (await valuesOf(`${eastus}/vmSizes`)).map(({ name }) => String(name).toLowerCase());
    assert.ok(names.length > 100, String(names.length));
    assert.equal(new Set(names).size, names.length);
  });
  it('refuses a region that there is not', async () => {
    const [status] = await codeAt(`${compute}/locations/atlantis/vmSizes`);
    assert.equal(status, 400);
  });
  it('lists the same for a machine, and nothing for one that does not exist', async () => {
    await cloud.done('PUT', machineId('web-1'), { body: { location: 'eastus' } });
    assert.deepEqual(await valuesOf(`${machineId('web-1')}/vmSizes`), await valuesOf(`${eastus}/vmSizes`));
    assert.deepEqual(await codeAt(`${machineId('web-2')}/vmSizes`), [404, 'ResourceNotFound']);
  });
});

describe('The size of a machine', () => {
  const size = (vmSize: string) => ({ body: { location: 'eastus', properties: { hardwareProfile: { vmSize } } } });
  it('is one that exists, in any letter case', async () => {
    assert.ok([200, 201].includes((await cloud.done('PUT', machineId('web-1'), size('standard_b2S'))).status));
  });
  it('is refused when it is none', async () => {
    const told = await cloud.ask('PUT', machineId('web-1'), size('Standard_Huge'));
    assert.deepEqual([told.status, codeOf(told)], [400, 'InvalidParameter']);
    assert.match(told.text, /Standard_Huge/);
    assert.equal((await cloud.ask('GET', machineId('web-1'))).status, 404);
  });
  it('is judged when it changes, too', async () => {
    await cloud.done('PUT', machineId('web-1'), { body: { location: 'eastus' } });
    const told = await cloud.ask('PATCH', machineId('web-1'), size('Standard_Huge'));
    assert.deepEqual([told.status, codeOf(told)], [400, 'InvalidParameter']);
  });
});

describe('GET Microsoft.Compute/skus', () => {
  it('says what a size can do in the regions that were asked for', async () => {
    const skus = await valuesOf(`${compute}/skus?$filter=location eq 'westeurope'`);
    const sku = skus.find(({ name }) => name === 'Standard_D2s_v5');
    assert.deepEqual(
      [sku?.['resourceType'], sku?.['tier'], sku?.['size'], sku?.['locations']],
      ['virtualMachines', 'Standard', 'D2s_v5', ['westeurope']],
    );
    const capabilities = sku?.['capabilities'] as readonly { readonly name: string; readonly value: string }[];
    const byName = new Map(capabilities.map(({ name, value }) => [name, value]));
    assert.deepEqual([byName.get('vCPUs'), byName.get('MemoryGB'), byName.get('PremiumIO')], ['2', '8', 'True']);
  });
  it('answers other regions for another filter', async () => {
    const [sku] = await valuesOf(`${compute}/skus?$filter=location eq 'East US'`);
    assert.deepEqual(sku?.['locations'], ['eastus']);
  });
  for (const filter of ["name eq 'x'", 'location', "location eq 'atlantis'"]) {
    it(`refuses the filter ${filter}`, async () => {
      const [status] = await codeAt(`${compute}/skus?$filter=${encodeURIComponent(filter)}`);
      assert.equal(status, 400);
    });
  }
});

describe('GET locations/{location}/usages', () => {
  const used = async (location: string) =>
    new Map(
      (await valuesOf(`${compute}/locations/${location}/usages`)).map((usage) => [
        at(usage, 'name', 'value'),
        usage['currentValue'],
      ]),
    );
  it('counts machines and their cores where they are, instances of scale sets among them', async () => {
    const hardwareProfile = { vmSize: 'Standard_B2s' };
    await cloud.done('PUT', machineId('web-1'), { body: { location: 'eastus', properties: { hardwareProfile } } });
    await cloud.done('PUT', `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/set`, {
      body: { location: 'eastus', sku: { name: 'Standard_B2s', tier: 'Standard', capacity: 2 } },
    });
    const here = await used('eastus');
    assert.deepEqual([here.get('virtualMachines'), here.get('virtualMachineScaleSets')], [3, 1]);
    assert.deepEqual([here.get('cores'), (await used('westus')).get('virtualMachines')], [6, 0]);
  });
});

describe('The images of a region', () => {
  it('are found by publisher, offer, SKU and version', async () => {
    assert.ok((await namesOf(publishers)).includes('Canonical'));
    assert.ok((await namesOf(`${publishers}/canonical/artifacttypes/vmimage/offers`)).includes('ubuntu-24_04-lts'));
    assert.ok((await namesOf(ubuntu)).includes('server'));
    const [version = ''] = await namesOf(`${ubuntu}/server/versions`);
    const image = await shown(`${ubuntu}/server/versions/${version}`);
    assert.equal(at(image, 'properties', 'osDiskImage', 'operatingSystem'), 'Linux');
    assert.equal(image['name'], version);
  });
  it('are described in a list only when asked', async () => {
    const properties = async (query: string) =>
      (JSON.parse((await cloud.ask('GET', `${ubuntu}/server/versions${query}`)).text) as readonly JsonObject[])[0]?.[
        'properties'
      ];
    assert.equal(await properties(''), undefined);
    assert.notEqual(await properties('?$expand=properties'), undefined);
  });
  for (const path of [
    `${publishers}/Nobody/artifacttypes/vmimage/offers`,
    `${publishers}/Canonical/artifacttypes/vmimage/offers/none/skus`,
    `${ubuntu}/none/versions`,
    `${ubuntu}/server/versions/1.0.0`,
  ]) {
    it(`has nothing at ${path.slice(eastus.length)}`, async () => {
      assert.deepEqual(await codeAt(path), [404, 'NotFound']);
    });
  }
});
