import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parseFilter } from '../../../src/arm/providers/Microsoft.Resources/filter.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import { registrationKey } from '../../../src/core/registration.ts';
import { openDoor, subscription, type TestDoor } from '../kit/door.ts';
import { application, subscriptionId, tenantId, tokenOf } from '../kit/ports.ts';
import { widgets } from '../kit/widgets.ts';

let door: TestDoor;
const version = '?api-version=2022-12-01';
before(async () => {
  door = await openDoor((context) => [widgets(context).provider]);
  for (const name of ['rg1', 'rg2']) {
    await door.ask('PUT', `${subscription}/resourceGroups/${name}${version}`, { body: { location: 'eastus' } });
    const widget = `${subscription}/resourceGroups/${name}/providers/Contoso.Widgets/widgets/w-${name}`;
    await door.ask('PUT', `${widget}?api-version=2024-03-01`, { body: {} });
  }
  door.tokens.set('reader', tokenOf('reader'));
  door.principals.set('reader', application('reader'));
});
after(() => door.close());

const itemsOf = (json: JsonObject) => json['value'] as readonly JsonObject[];

describe('subscriptions', () => {
  it('show only to who has a role at, below or above them', async () => {
    const list = async () => itemsOf((await door.ask('GET', `/subscriptions${version}`, { token: 'reader' })).json);
    assert.deepEqual(await list(), []);
    const grant = { principalId: 'reader', action: /\/read$/, scope: `${subscription}/resourceGroups/rg1` };
    door.grants.push(grant);
    assert.deepEqual(
      (await list()).map((item) => item['subscriptionId']),
      [subscriptionId],
    );
    door.grants[door.grants.indexOf(grant)] = { ...grant, scope: '/' };
    assert.equal((await list()).length, 1);
    door.grants.pop();
  });
  it('read as Azure writes them', async () => {
    const { json } = await door.ask('GET', `${subscription}${version}`);
    assert.deepEqual(
      [json['id'], json['subscriptionId'], json['tenantId'], json['displayName'], json['state']],
      [subscription, subscriptionId, tenantId, 'Postern', 'Enabled'],
    );
    const refused = await door.ask('GET', `${subscription}${version}`, { token: 'reader' });
    assert.equal(refused.status, 403);
  });
});

describe('tenants, locations and providers', () => {
  it('list the tenant for everyone in it', async () => {
    const { json } = await door.ask('GET', `/tenants${version}`, { token: 'reader' });
    assert.deepEqual(
      itemsOf(json).map((tenant) => [tenant['id'], tenant['tenantId']]),
      [[`/tenants/${tenantId}`, tenantId]],
    );
  });
  it('list at least thirty regions, each paired with one there is', async () => {
    const { json } = await door.ask('GET', `${subscription}/locations${version}`);
    const regions = itemsOf(json);
    const names = new Set(regions.map((region) => region['name']));
    assert.ok(names.size >= 30 && names.size === regions.length);
    for (const { metadata } of regions as readonly { metadata: { pairedRegion: readonly JsonObject[] } }[]) {
      for (const pair of metadata.pairedRegion) assert.ok(names.has(pair['name'] as string), String(pair['name']));
    }
  });
  it('are registered from the start; an unregistered namespace takes no new resources', async () => {
    const base = `${subscription}/providers/contoso.widgets`;
    const widget = `${subscription}/resourceGroups/rg1/providers/Contoso.Widgets/widgets/late?api-version=2024-03-01`;
    const { json } = await door.ask('GET', `${base}${version}`);
    assert.deepEqual([json['namespace'], json['registrationState']], ['Contoso.Widgets', 'Registered']);
    assert.deepEqual(itemsOf({ value: json['resourceTypes'] ?? [] })[0]?.['apiVersions'], [
      '2024-03-01',
      '2023-01-01-preview',
      '2022-01-01',
    ]);
    const inUse = await door.ask('POST', `${base}/unregister${version}`);
    assert.equal(inUse.status, 409, 'there are widgets');
    const choice = registrationKey(subscriptionId, 'Contoso.Widgets');
    await door.store.transact([{ put: choice, body: { registrationState: 'NotRegistered' } }]);
    const refused = await door.ask('PUT', widget, { body: {} });
    assert.deepEqual(
      [refused.status, (refused.json['error'] as JsonObject)['code']],
      [409, 'MissingSubscriptionRegistration'],
    );
    const again = await door.ask('POST', `${base}/register${version}`);
    assert.equal(again.json['registrationState'], 'Registering');
    assert.equal((await door.ask('PUT', widget, { body: {} })).status, 201);
    assert.equal((await door.ask('GET', `/providers/Contoso.Gadgets${version}`)).status, 404);
  });
});

describe('the generic list of resources', () => {
  const names = (json: JsonObject) => itemsOf(json).map((item) => item['name']);
  it('shows summaries without properties, of one group too, and what $expand asks for', async () => {
    const all = await door.ask('GET', `${subscription}/resources${version}&$filter=name ne 'late'`);
    assert.deepEqual(names(all.json), ['w-rg1', 'w-rg2']);
    assert.ok(itemsOf(all.json).every((item) => !('properties' in item) && !('provisioningState' in item)));
    const one = await door.ask(
      'GET',
      `${subscription}/resourceGroups/rg2/resources${version}&$expand=provisioningState`,
    );
    assert.deepEqual(
      itemsOf(one.json).map((item) => item['provisioningState']),
      ['Succeeded'],
    );
  });
  it('shows the reader of one group what is in that group', async () => {
    door.grants.push({ principalId: 'reader', action: /\/read$/, scope: `${subscription}/resourceGroups/rg2` });
    const seen = await door.ask('GET', `${subscription}/resources${version}`, { token: 'reader' });
    assert.deepEqual(names(seen.json), ['w-rg2']);
  });
});

describe('$filter', () => {
  const resource: JsonObject = {
    id: `${subscription}/resourceGroups/rg1/providers/Contoso.Widgets/widgets/web-1`,
    name: 'web-1',
    type: 'Contoso.Widgets/widgets',
    location: 'eastus',
    identity: { principalId: 'abc' },
    tags: { env: 'prod', owner: "O'Brien" },
  };
  const yes = [
    "resourceType eq 'contoso.widgets/WIDGETS'",
    "name eq 'web-1' and location eq 'EastUS'",
    "resourceGroup eq 'RG1'",
    "name eq 'x' or name eq 'web-1'",
    "name eq 'web-1' or name eq 'x' and name eq 'y'",
    "(name eq 'x' or name eq 'web-1') and resourceType ne 'x'",
    "substringof('eb-', name)",
    "startswith(name, 'web')",
    "tagName eq 'env' and tagValue eq 'prod'",
    "tagName eq 'owner' and tagValue eq 'O''Brien'",
    "identity/principalId eq 'abc'",
    "tagName eq 'owner'",
  ];
  const no = [
    "name eq 'web-10'",
    "resourceGroup eq 'rg10'",
    "(name eq 'web-1' or name eq 'x') and name eq 'y'",
    "tagName eq 'env' and tagValue eq 'O''Brien'",
    "location ne 'eastus'",
    "substringof('', name) and name eq 'x'",
  ];
  const wrong = [
    'name',
    'name eq',
    "name eq 'x",
    "name = 'x'",
    "size eq 'x'",
    "name eq 'x' and",
    "(name eq 'x'",
    "name eq 'x')",
    "substringof(name,'x')",
    'name eq 7',
  ];
  const passes = (text: string) => {
    const filter = parseFilter(text);
    return isRefusal(filter) ? filter.refused : filter(resource);
  };
  for (const text of yes) it(`lets through: ${text}`, () => assert.equal(passes(text), true));
  for (const text of no) it(`holds back: ${text}`, () => assert.equal(passes(text), false));
  for (const text of wrong) it(`refuses: ${text}`, () => assert.equal(passes(text), 'InvalidFilterInQueryString'));
});
