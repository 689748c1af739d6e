import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, describe, it } from 'node:test';
import type { DocumentKey } from '../../src/core/ports/store.ts';
import { openedDirectory } from './opened.ts';

const machineId =
  '/subscriptions/6c4b7c0e-0000-4000-a000-000000000001/resourceGroups/Prod/providers/Microsoft.Compute/virtualMachines/web-1';
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the tenant', async () => {
  const opened = await openedDirectory();
  after(opened.close);

  it('is made on the first start and is the same after a restart', async () => {
    const { tenant } = opened.directory;
    assert.match(tenant.tenantId, guid);
    assert.equal(tenant.displayName, 'Postern');
    assert.equal(tenant.defaultDomain, 'postern.onmicrosoft.com');
    assert.deepEqual((await opened.reopen()).directory.tenant, tenant);
  });
});

describe("a managed identity's service principal", async () => {
  const opened = await openedDirectory();
  after(opened.close);
  const { directory, store } = opened;
  const plan = (isExplicit: boolean) =>
    directory.planManagedIdentity({ resourceId: machineId, displayName: 'web-1', isExplicit });

  it('does not exist until the caller commits the planned writes, and is found as soon as they are', async () => {
    const { principal, writes } = plan(false);
    assert.equal(directory.servicePrincipal(principal.objectId), undefined);
    await store.transact([...writes, { put: '/somewhere/else' as DocumentKey, body: {} }]);
    assert.deepEqual(directory.servicePrincipal(principal.objectId), principal);
    assert.deepEqual(directory.servicePrincipalByAppId(principal.appId), principal);
    assert.deepEqual(directory.servicePrincipalByName(principal.appId), principal);
    assert.equal(directory.principalType(principal.objectId), 'ServicePrincipal');
    assert.deepEqual(directory.groupsOf(principal.objectId), []);
  });

  it('does not come to exist when the transaction fails', async () => {
    const { principal, writes } = plan(false);
    const when = { exists: true } as const;
    const outcome = await store.transact([...writes, { put: '/not/there' as DocumentKey, body: {}, when }]);
    assert.deepEqual(outcome, { conflict: '/not/there' });
    assert.equal(directory.servicePrincipal(principal.objectId), undefined);
  });

  it('names its resource, with resourcegroups in lower case, and whether it is explicit', () => {
    const lower = machineId.replace('resourceGroups', 'resourcegroups');
    assert.deepEqual(plan(false).principal.alternativeNames, ['isExplicit=False', lower]);
    assert.deepEqual(plan(true).principal.alternativeNames, ['isExplicit=True', lower]);
    assert.equal(plan(true).principal.resourceId, machineId);
  });

  it('has its client id and an identity.azure.net URI as names, and no secret', () => {
    const { principal } = plan(false);
    assert.equal(principal.servicePrincipalNames[0], principal.appId);
    assert.match(principal.servicePrincipalNames[1] ?? '', /^https:\/\/identity\.azure\.net\/[A-Za-z0-9+/]{43}=$/);
    assert.deepEqual(principal.passwordCredentials, []);
  });

  it('is a new one each time, even for the same resource', () => {
    assert.notEqual(plan(false).principal.objectId, plan(false).principal.objectId);
    assert.notEqual(plan(false).principal.appId, plan(false).principal.appId);
  });

  it('is found in any letter case, and not under part of its id', async () => {
    const { principal, writes } = plan(false);
    await store.transact(writes);
    assert.deepEqual(directory.servicePrincipal(principal.objectId.toUpperCase()), principal);
    assert.deepEqual(directory.servicePrincipalByAppId(principal.appId.toUpperCase()), principal);
    assert.equal(directory.servicePrincipal(principal.objectId.slice(0, -1)), undefined);
    assert.equal(directory.servicePrincipal(principal.appId), undefined);
  });

  it('is gone from every lookup once its deletion is committed, and there is nothing to delete then', async () => {
    const { principal, writes } = plan(false);
    await store.transact(writes);
    await store.transact(directory.planDeletion(principal.objectId));
    assert.equal(directory.servicePrincipal(principal.objectId), undefined);
    assert.equal(directory.servicePrincipalByAppId(principal.appId), undefined);
    assert.equal(directory.servicePrincipalByName(principal.servicePrincipalNames[1] ?? ''), undefined);
    assert.equal(directory.principalType(principal.objectId), undefined);
    assert.deepEqual(directory.planDeletion(principal.objectId), []);
  });
});

describe("an application's service principal", async () => {
  const opened = await openedDirectory();
  after(opened.close);
  const { directory, store, clock } = opened;

  it('comes with a secret that looks like Entra’s and is kept as its SHA-256 alone', async () => {
    const { principal, secret } = await directory.createApplicationPrincipal({ displayName: 'admin', appRoles: [] });
    assert.match(secret, /^[A-Za-z0-9_.]{3}8Q~[A-Za-z0-9_.]{45}$/);
    const [credential] = principal.passwordCredentials;
    assert.equal(credential?.hint, secret.slice(0, 3));
    assert.equal(credential?.secretSha256, createHash('sha256').update(secret).digest('base64url'));
    assert.equal(credential?.endMillis, Date.parse('2028-11-23T22:50:35.123Z'));
    const stored = await store.list('/directory' as DocumentKey);
    assert.ok(!JSON.stringify(stored.map(({ body }) => body)).includes(secret.slice(6)));
  });

  it('is durable: the same after a restart', async () => {
    const names = ['https://api.example.org'];
    const { principal } = await directory.createApplicationPrincipal({
      displayName: 'api',
      appRoles: ['Directory.Read.All'],
      servicePrincipalNames: names,
    });
    assert.deepEqual(principal.servicePrincipalNames, [principal.appId, ...names]);
    const again = (await opened.reopen()).directory;
    assert.deepEqual(again.servicePrincipal(principal.objectId), principal);
    assert.deepEqual(again.servicePrincipalByName('HTTPS://api.example.org'), principal);
    assert.equal(again.servicePrincipalByName('https://api.example.org/'), undefined);
    assert.equal(again.servicePrincipalByName('https://api.example.or'), undefined);
  });

  it('is granted an application permission once, beside others granted at the same time', async () => {
    const { directory } = await opened.reopen();
    const { principal } = await directory.createApplicationPrincipal({ displayName: 'reader', appRoles: [] });
    await Promise.all(
      ['Directory.Read.All', 'Application.Read.All', 'Directory.Read.All'].map((appRole) =>
        directory.grantAppRole(principal.objectId, appRole),
      ),
    );
    const roles = directory.servicePrincipal(principal.objectId)?.appRoles;
    assert.deepEqual(roles?.toSorted(), ['Application.Read.All', 'Directory.Read.All']);
    assert.equal(await directory.grantAppRole(opened.random.uuid(), 'Directory.Read.All'), undefined);
  });

  it('takes a second secret beside the first', async () => {
    const { directory } = await opened.reopen();
    const { principal, secret } = await directory.createApplicationPrincipal({ displayName: 'app', appRoles: [] });
    clock.advance(60);
    const added = await directory.addSecret(principal.objectId);
    assert.notEqual(added?.secret, secret);
    assert.equal(directory.servicePrincipal(principal.objectId)?.passwordCredentials.length, 2);
    assert.equal(await directory.addSecret(opened.random.uuid()), undefined);
  });
});
