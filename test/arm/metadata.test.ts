import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { openDoor, origin, type TestDoor } from './kit/door.ts';

let door: TestDoor;
before(async () => {
  door = await openDoor();
});
after(() => door.close());

async function document(version: string, host?: string): Promise<JsonObject> {
  const path = `/metadata/endpoints?api-version=${version}`;
  const { status, json } = await door.ask('GET', path, { token: undefined, ...(host === undefined ? {} : { host }) });
  assert.equal(status, 200);
  return json;
}

describe('/metadata/endpoints, without authentication', () => {
  it('2015-01-01 is what `az cloud register` of 2.45 reads', async () => {
    assert.deepEqual(await document('2015-01-01'), {
      galleryEndpoint: `${origin}/`,
      graphEndpoint: `${origin}/`,
      graphAudience: `${origin}/`,
      portalEndpoint: `${origin}/`,
      authentication: {
        loginEndpoint: `${origin}/adfs`,
        audiences: [`${origin}/`, 'https://management.azure.com/', 'https://management.core.windows.net/'],
      },
    });
  });
  it('1.0, the one version that is no date, is the same, for Add-AzEnvironment -ARMEndpoint', async () => {
    assert.deepEqual(await document('1.0'), await document('2015-01-01'));
    const { status } = await door.ask('GET', '/metadata/endpoints?api-version=1.1', { token: undefined });
    assert.equal(status, 400);
  });
  it('2018-01-01 lists the regions under the host by which azurerm finds its cloud, after a double slash too', async () => {
    const { json } = await door.ask('GET', '//metadata/endpoints?api-version=2018-01-01', { token: undefined });
    const [cloud] = Object.values(json['cloudEndpoint'] as JsonObject) as readonly JsonObject[];
    assert.equal(cloud?.['endpoint'], 'localhost:8443');
    assert.ok((cloud?.['locations'] as readonly string[] | undefined)?.includes('West Europe'));
  });
  for (const version of ['2019-05-01', '2020-06-01']) {
    it(`${version} is an array of clouds`, async () => {
      const [cloud] = (await document(version)) as unknown as readonly JsonObject[];
      assert.equal(cloud?.['name'], 'Postern');
    });
  }
  it('2022-09-01 is one object with what azurerm and az of today require', async () => {
    const cloud = await document('2022-09-01');
    for (const name of ['name', 'resourceManager', 'microsoftGraphResourceId', 'suffixes', 'authentication']) {
      assert.ok(cloud[name], name);
    }
    assert.equal(cloud['resourceManager'], `${origin}/`);
  });
  it('names the public cloud when it is asked by a public name, and never another host', async () => {
    const named = await document('2022-09-01', 'management.azure.com');
    assert.equal(named['name'], 'AzureCloud');
    assert.equal((named['authentication'] as JsonObject)['loginEndpoint'], 'https://login.microsoftonline.com/');
    const strange = await document('2022-09-01', 'management.azure.com.evil.example');
    assert.equal(strange['resourceManager'], `${origin}/`);
  });
  it('needs an api-version and GET', async () => {
    assert.equal((await door.ask('GET', '/metadata/endpoints', { token: undefined })).status, 400);
    const posted = await door.ask('POST', '/metadata/endpoints?api-version=2022-09-01', { token: undefined });
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET']);
  });
});
