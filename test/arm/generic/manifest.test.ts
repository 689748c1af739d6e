import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogOf } from '../../../src/arm/generic/catalog.ts';
import { loadManifest, manifestOf } from '../../../src/arm/generic/manifest.ts';
import type { Provider } from '../../../src/arm/provider-contract.ts';

const manifest = await loadManifest();
const types = manifest.namespaces.flatMap((namespace) => manifest.typesOf(namespace));

/** Namespaces that scripts meet most. */
const wanted =
  'ApiManagement App AppConfiguration Automation Batch Cache Cdn CognitiveServices Communication Compute ContainerInstance ContainerRegistry ContainerService Databricks DataFactory DBforMySQL DBforPostgreSQL Devices DocumentDB EventGrid EventHub HDInsight Insights KeyVault Kusto LabServices Logic MachineLearningServices Maps Media Network NotificationHubs OperationalInsights PowerBIDedicated Purview RecoveryServices Relay Search ServiceBus ServiceFabric SignalRService Sql Storage StreamAnalytics Synapse Web';

describe('the manifest', () => {
  it('has more than 60 namespaces, the most used among them', () => {
    assert.ok(manifest.namespaces.length > 60);
    const missing = wanted.split(' ').filter((name) => !manifest.namespaces.includes(`Microsoft.${name}`));
    assert.deepEqual(missing, []);
  });
  it('has no namespace that is the resource manager itself', () => {
    for (const own of ['Resources', 'Authorization', 'ManagedIdentity', 'Management', 'Subscription']) {
      assert.equal(manifest.namespaces.includes(`Microsoft.${own}`), false);
    }
  });
  it('gives each type a scope and well-formed api-versions, newest first', () => {
    for (const { namespace, type, scopes, apiVersions } of types) {
      assert.ok(scopes.length > 0 && apiVersions.length > 0, `${namespace}/${type}`);
      const dates = apiVersions.map((version) => /^(\d{4}-\d{2}-\d{2})(-[a-z]+(\.\d+)?)?$/.exec(version)?.[1]);
      assert.equal(dates.includes(undefined), false, `${namespace}/${type}`);
      assert.deepEqual(dates, dates.toSorted().reverse(), `${namespace}/${type}`);
    }
  });
  it('has the types of Microsoft.Compute that are no machines', () => {
    for (const type of [
      'disks',
      'snapshots',
      'images',
      'availabilitySets',
      'galleries',
      'sshPublicKeys',
      'proximityPlacementGroups',
    ]) {
      assert.equal(manifest.find('microsoft.compute', type.toUpperCase())?.type, type);
    }
    assert.equal(manifest.find('Microsoft.Compute', 'virtualMachines'), undefined);
    assert.equal(manifest.find('Microsoft.Compute', 'virtualMachines/extensions'), undefined);
  });
  it('reads a row', () => {
    const small = manifestOf({
      'Contoso.Small': { things: 'gs tracked 2024-01-01 2020-01-01', 'things/parts': 'x 2019-01-01-preview' },
    });
    assert.deepEqual(small.find('contoso.small', 'Things'), {
      namespace: 'Contoso.Small',
      type: 'things',
      scopes: ['group', 'subscription'],
      located: true,
      tracked: true,
      apiVersions: ['2024-01-01', '2020-01-01'],
      acceptedFrom: '2019-01-01',
    });
    assert.deepEqual(small.find('Contoso.Small', 'things/parts')?.scopes, ['extension']);
    assert.equal(small.find('Contoso.Other', 'things'), undefined);
  });
});

describe('the catalog', () => {
  const own: Provider = {
    namespace: 'Microsoft.Compute',
    resourceTypes: [{ type: 'disks', apiVersions: ['2001-01-01'], regional: true, operations: [] }],
  };
  it("joins the providers' own types with the manifest's, the own ones before", async () => {
    const catalog = await catalogOf(() => [own])();
    assert.equal(catalog.filter(({ namespace }) => namespace === 'Microsoft.Compute').length, 1);
    const disks = catalog[0]?.resourceTypes.filter(({ type }) => type === 'disks');
    assert.deepEqual(disks, own.resourceTypes);
    assert.ok((catalog[0]?.resourceTypes.length ?? 0) > 10);
    assert.equal(catalog.length, manifest.namespaces.length);
  });
});
