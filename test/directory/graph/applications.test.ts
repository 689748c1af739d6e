import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import { documentKey } from '../../../src/core/ports/store.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { openDirectory } from '../../../src/directory/directory.ts';
import { certificateMaker } from '../../../src/host/tls/certificate-maker.ts';
import { decodeToken, origin, postForm } from '../../sts/opened.ts';
import { idsOf, messageOf, openedGraph } from './opened.ts';

const graph = await openedGraph();
after(graph.close);
const { ask, clock, directory, tenantId } = graph;

const make = async (displayName: string, more: JsonObject = {}) =>
  (await ask('POST', '/applications', { displayName, ...more })).body as JsonObject & { id: string; appId: string };

async function selfSigned(years = 1) {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const notAfter = (clock.now() + years * 365 * 86_400_000) as EpochMillis;
  const der = await certificateMaker.selfSign({
    commonName: 'client',
    serialNumber: new Uint8Array([1, 2, 3]),
    notBefore: clock.now(),
    notAfter,
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'der' }),
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }),
  });
  return Buffer.from(der).toString('base64');
}

describe('an application', () => {
  it('is made, shown by id and by app id, changed, listed by filter and deleted', async () => {
    const made = await make('billing', { identifierUris: ['api://billing'], signInAudience: 'AzureADMyOrg' });
    assert.equal((await ask('GET', `/applications/${made.id}`)).body['displayName'], 'billing');
    assert.equal((await ask('GET', `/applications(appId='${made.appId}')`)).body['id'], made.id);
    assert.equal(
      (await ask('PATCH', `/applications/${made.id}`, { notes: 'n', web: { homePageUrl: 'https://b' } })).status,
      204,
    );
    const { body } = await ask('GET', `/applications/${made.id}`);
    assert.equal(body['notes'], 'n');
    assert.equal((body['web'] as JsonObject)['homePageUrl'], 'https://b');
    assert.deepEqual((body['web'] as JsonObject)['redirectUris'], [], 'what was not given stays');
    const filters = [
      `appId eq '${made.appId}'`,
      "startswith(displayName,'bill')",
      "identifierUris/any(s:s eq 'api://billing')",
    ];
    for (const filter of filters) {
      assert.deepEqual(
        idsOf(await ask('GET', `/applications?$filter=${encodeURIComponent(filter)}`)),
        [made.id],
        filter,
      );
    }
    assert.equal((await ask('DELETE', `/applications/${made.id}`)).status, 204);
    assert.equal((await ask('GET', `/applications/${made.id}`)).status, 404);
  });

  it('is refused what it cannot be, by the name of the property', async () => {
    const cases: readonly (readonly [JsonObject, RegExp])[] = [
      [{}, /value is required for property 'displayName'/],
      [{ displayName: 'x'.repeat(257) }, /at most 256/],
      [{ displayName: 'x', color: 'red' }, /Invalid property 'color'/],
      [{ displayName: 'x', appId: 'y' }, /'appId' is read-only/],
      [{ displayName: 'x', tags: 'one' }, /property 'tags'/],
      [{ displayName: 'x', identifierUris: ['no uri'] }, /absolute URIs/],
      [{ displayName: 'x', keyCredentials: [{ key: 'AAAA' }] }, /not a certificate/],
      [{ displayName: 'x', keyCredentials: [{ keyId: 'gone' }] }, /has no key/],
    ];
    for (const [body, message] of cases) {
      const refused = await ask('POST', '/applications', body);
      assert.equal(refused.status, 400);
      assert.match(messageOf(refused), message);
    }
  });

  it('has identifier URIs that no other has', async () => {
    await make('first', { identifierUris: ['api://mine'] });
    const second = await make('second');
    const refused = await ask('PATCH', `/applications/${second.id}`, { identifierUris: ['API://mine'] });
    assert.match(messageOf(refused), /same value for property identifierUris/);
    assert.equal((await ask('PATCH', `/applications/${second.id}`, { identifierUris: ['api://mine2'] })).status, 204);
  });

  it('has secrets that are shown once and open the token endpoint until they are removed', async () => {
    const made = await make('signing in');
    await ask('POST', '/servicePrincipals', { appId: made.appId });
    const added = await ask('POST', `/applications/${made.id}/addPassword`, {
      passwordCredential: { displayName: 'rbac' },
    });
    const secret = String(added.body['secretText']);
    assert.equal(added.body['displayName'], 'rbac');
    const shown = (await ask('GET', `/applications/${made.id}`)).body['passwordCredentials'] as readonly JsonObject[];
    assert.deepEqual(
      shown.map((one) => [one['keyId'], one['secretText']]),
      [[added.body['keyId'], null]],
    );
    const login = () =>
      postForm(graph, `${origin}/${tenantId}/oauth2/v2.0/token`, {
        grant_type: 'client_credentials',
        client_id: made.appId,
        client_secret: secret,
        scope: 'https://management.azure.com/.default',
      });
    assert.equal((await login()).status, 200);
    assert.equal((await ask('POST', `/applications/${made.id}/removePassword`, { keyId: 'other' })).status, 400);
    assert.equal(
      (await ask('POST', `/applications/${made.id}/removePassword`, { keyId: added.body['keyId'] })).status,
      204,
    );
    assert.equal((await login()).status, 401);
    const wrong = {
      passwordCredential: { startDateTime: '2027-01-01T00:00:00Z', endDateTime: '2026-12-01T00:00:00Z' },
    };
    assert.match(messageOf(await ask('POST', `/applications/${made.id}/addPassword`, wrong)), /later than its start/);
  });

  it('has certificates that are known by their thumbprints', async () => {
    const key = await selfSigned();
    const made = await make('certified', {
      keyCredentials: [{ key, displayName: 'c', type: 'AsymmetricX509Cert', usage: 'Verify' }],
    });
    const [shown] = (await ask('GET', `/applications/${made.id}`)).body['keyCredentials'] as readonly JsonObject[];
    assert.equal(shown?.['key'], null);
    assert.match(String(shown?.['customKeyIdentifier']), /^[0-9A-F]{40}$/);
    assert.deepEqual(
      directory.credentialsOf(made.appId).keyCredentials.map((one) => one.certificate),
      [key],
    );
    const more = { key: await selfSigned(), endDateTime: '2031-01-01T00:00:00Z' };
    assert.match(
      messageOf(await ask('PATCH', `/applications/${made.id}`, { keyCredentials: [shown, more] })),
      /end date is invalid/,
    );
    assert.equal((await ask('PATCH', `/applications/${made.id}`, { keyCredentials: [] })).status, 204);
    assert.deepEqual(directory.credentialsOf(made.appId).keyCredentials, []);
  });

  it('has federated credentials by name and id, within their rules', async () => {
    const { id } = await make('federated');
    const credential = {
      name: 'ci-main',
      issuer: 'https://ci.example',
      subject: 'main',
      audiences: ['api://AzureADTokenExchange'],
    };
    const made = await ask('POST', `/applications/${id}/federatedIdentityCredentials`, credential);
    assert.equal(made.status, 201);
    assert.equal(
      (await ask('GET', `/applications/${id}/federatedIdentityCredentials/ci-main`)).body['subject'],
      'main',
    );
    assert.equal(
      (await ask('PATCH', `/applications/${id}/federatedIdentityCredentials/${made.body['id']}`, { subject: 'dev' }))
        .status,
      204,
    );
    assert.equal(
      (await ask('GET', `/applications/${id}/federatedIdentityCredentials/${made.body['id']}`)).body['subject'],
      'dev',
    );
    assert.equal((await ask('POST', `/applications/${id}/federatedIdentityCredentials`, credential)).status, 400);
    const wrong = { ...credential, name: 'two', audiences: ['a', 'b'] };
    assert.equal((await ask('POST', `/applications/${id}/federatedIdentityCredentials`, wrong)).status, 400);
    assert.equal((await ask('DELETE', `/applications/${id}/federatedIdentityCredentials/ci-main`)).status, 204);
    assert.deepEqual(idsOf(await ask('GET', `/applications/${id}/federatedIdentityCredentials`)), []);
  });

  it('and its service principal go together and come back together, within 30 days', async () => {
    const made = await make('restored', { identifierUris: ['api://restored'] });
    const principal = (await ask('POST', '/servicePrincipals', { appId: made.appId })).body;
    await ask('DELETE', `/applications/${made.id}`);
    assert.equal(directory.servicePrincipalByAppId(made.appId), undefined);
    assert.ok(idsOf(await ask('GET', '/directory/deletedItems/microsoft.graph.application')).includes(made.id));
    const early = await ask('POST', `/directory/deletedItems/${principal['id']}/restore`);
    assert.match(messageOf(early), /cannot be restored without its application/);
    const other = await make('other', { identifierUris: ['api://restored'] });
    await ask('POST', '/servicePrincipals', { appId: other.appId });
    const taken = await ask('POST', `/directory/deletedItems/${made.id}/restore`);
    assert.equal(taken.status, 409);
    assert.match(messageOf(taken), /api:\/\/restored is already in use/);
    await ask('DELETE', `/applications/${other.id}`);
    assert.equal((await ask('POST', `/directory/deletedItems/${made.id}/restore`)).body['id'], made.id);
    assert.equal(directory.servicePrincipalByAppId(made.appId)?.objectId, principal['id']);
    assert.deepEqual(directory.servicePrincipalByAppId(made.appId)?.servicePrincipalNames, [
      made.appId,
      'api://restored',
    ]);
    await ask('DELETE', `/applications/${made.id}`);
    assert.equal((await ask('DELETE', `/directory/deletedItems/${made.id}`)).status, 204);
    assert.equal((await ask('POST', `/directory/deletedItems/${made.id}/restore`)).status, 404);
    assert.equal((await ask('GET', `/directory/deletedItems/${principal['id']}`)).status, 404);
  });

  it('is gone 30 days after its deletion, from the store too', async () => {
    const made = await make('forgotten');
    await ask('DELETE', `/applications/${made.id}`);
    const kept = () => graph.store.get(documentKey(`/directory/deleteditems/${made.id}`));
    const items = () => directory.deletedItems().some(({ objectId }) => objectId === made.id);
    const start = new Date(clock.now()).toISOString();
    clock.advance(30 * 86_400 - 1);
    assert.ok(items());
    clock.advance(1);
    assert.ok(!items());
    assert.ok(await kept());
    clock.set(start);
    const another = await make('another');
    clock.advance(30 * 86_400);
    await graph.store.transact(directory.planPurge());
    assert.equal(await kept(), undefined);
    clock.set(start);
    await ask('DELETE', `/applications/${another.id}`);
  });

  it('keeps an application in use apart: what is deleted opens no door', async () => {
    const made = await make('closed');
    await ask('POST', '/servicePrincipals', { appId: made.appId });
    const { secretText } = (await ask('POST', `/applications/${made.id}/addPassword`, {})).body;
    const fields = { grant_type: 'client_credentials', client_id: made.appId, client_secret: String(secretText) };
    const open = () =>
      postForm(graph, `${origin}/${tenantId}/oauth2/token`, { ...fields, resource: 'https://management.azure.com/' });
    assert.equal((await open()).status, 200);
    await ask('DELETE', `/applications/${made.id}`);
    assert.equal((await open()).status, 400);
    await ask('POST', `/directory/deletedItems/${made.id}/restore`);
    assert.equal((await open()).status, 200, 'with its secret');
  });

  it('has roles by id and value, which are disabled before they go', async () => {
    const role = {
      id: 'B9A5C5D1-0000-4000-A000-000000000001',
      allowedMemberTypes: ['Application'],
      displayName: 'Read orders',
      value: 'Orders.Read',
    };
    const made = await make('orders', { appRoles: [role] });
    const path = `/applications/${made.id}`;
    const held = (await ask('GET', path)).body['appRoles'] as readonly JsonObject[];
    assert.equal(held[0]?.['id'], role.id.toLowerCase());
    assert.equal(held[0]?.['isEnabled'], true);
    assert.match(messageOf(await ask('PATCH', path, { appRoles: [] })), /unless it is disabled first/);
    assert.match(messageOf(await ask('PATCH', path, { appRoles: [role, role] })), /duplicate values/);
    const wrong = [
      { ...role, id: 'x' },
      { ...role, value: 'a b' },
      { ...role, displayName: '' },
      { ...role, allowedMemberTypes: [] },
      { ...role, allowedMemberTypes: ['Group'] },
      7,
    ];
    for (const bad of wrong) {
      assert.equal((await ask('PATCH', path, { appRoles: [bad] })).status, 400, JSON.stringify(bad));
    }
    assert.equal((await ask('PATCH', path, { appRoles: [{ ...role, isEnabled: false }] })).status, 204);
    assert.equal((await ask('PATCH', path, { appRoles: [] })).status, 204);
  });

  it('of an earlier version, a principal alone, is made when the directory opens', async () => {
    const { principal } = await directory.createApplicationPrincipal({ displayName: 'early', appRoles: [] });
    const application = directory.applications.byAlias(principal.appId);
    await graph.store.transact([{ remove: documentKey(`/directory/applications/${application?.objectId}`) }]);
    const openOnce = async () => (await openDirectory({ ...graph })).applications.byAlias(principal.appId)?.objectId;
    const made = await openOnce();
    assert.match(made ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(await openOnce(), made);
    assert.equal((await ask('GET', `/applications/${made}`)).body['displayName'], 'early');
  });

  it('is refused when it has more values than an object may have, or is nested without end', async () => {
    const tags = Array.from({ length: 1201 }, (_, at) => `tag ${at}`);
    assert.match(messageOf(await ask('POST', '/applications', { displayName: 'big', tags })), /exceeded its limit/);
    let web: JsonObject = {};
    for (let depth = 0; depth < 3000; depth += 1) web = { web };
    assert.match(messageOf(await ask('POST', '/applications', { displayName: 'deep', web })), /exceeded its limit/);
  });

  it('is one of two that want the same name at once', async () => {
    const wanted = { identifierUris: ['api://wanted'] };
    const both = await Promise.all([
      ask('POST', '/applications', { displayName: 'a', ...wanted }),
      ask('POST', '/applications', { displayName: 'b', ...wanted }),
    ]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [201, 400]);
    const made = await make('raced');
    const principals = await Promise.all([1, 2, 3].map(() => ask('POST', '/servicePrincipals', { appId: made.appId })));
    assert.deepEqual(principals.map(({ status }) => status).toSorted(), [201, 409, 409]);
  });
});

describe('a service principal', () => {
  it('is made of an application, once', async () => {
    const made = await make('once');
    assert.equal((await ask('POST', '/servicePrincipals', { appId: made.appId, accountEnabled: true })).status, 201);
    assert.match(messageOf(await ask('POST', '/servicePrincipals', { appId: made.appId })), /already in use/);
    const none = '11111111-2222-4333-a444-555555555555';
    assert.match(
      messageOf(await ask('POST', '/servicePrincipals', { appId: none })),
      / does not reference a valid application object/,
    );
  });

  it('of a managed identity is shown, and changed only with its resource', async () => {
    const { principal, writes } = directory.planManagedIdentity({
      resourceId: '/x',
      displayName: 'vm',
      isExplicit: false,
    });
    await graph.store.transact(writes);
    assert.equal((await ask('GET', `/servicePrincipals/${principal.objectId}`)).status, 200);
    for (const [method, path] of [
      ['DELETE', ''],
      ['PATCH', ''],
      ['POST', '/addPassword'],
    ] as const) {
      const refused = await ask(method, `/servicePrincipals/${principal.objectId}${path}`, {});
      assert.equal(refused.status, 403, method);
      assert.match(messageOf(refused), /managed identity/);
    }
  });

  it('that is disabled gets no more tokens taken', async () => {
    const made = await make('disabled');
    const { body } = await ask('POST', '/servicePrincipals', { appId: made.appId });
    await ask('PATCH', `/servicePrincipals/${body['id']}`, { accountEnabled: false });
    assert.equal(directory.servicePrincipal(String(body['id']))?.accountEnabled, false);
  });

  it('is given application permissions on Microsoft Graph', async () => {
    const made = await make('reader of the directory');
    const id = String((await ask('POST', '/servicePrincipals', { appId: made.appId })).body['id']);
    const resource = (await ask('GET', "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')")).body;
    const role = (resource['appRoles'] as readonly JsonObject[]).find((one) => one['value'] === 'Directory.Read.All');
    const body = { principalId: id, resourceId: resource['id'], appRoleId: role?.['id'] };
    const given = await ask('POST', `/servicePrincipals/${id}/appRoleAssignments`, body);
    assert.equal(given.status, 201);
    assert.deepEqual(directory.servicePrincipal(id)?.appRoles, ['Directory.Read.All']);
    assert.match(messageOf(await ask('POST', `/servicePrincipals/${id}/appRoleAssignments`, body)), /already exists/);
    assert.equal((await ask('DELETE', `/servicePrincipals/${id}/appRoleAssignments/${given.body['id']}`)).status, 204);
    assert.deepEqual(directory.servicePrincipal(id)?.appRoles, []);
  });
});

describe('an application permission', () => {
  const role = {
    id: 'b9a5c5d1-0000-4000-a000-000000000002',
    allowedMemberTypes: ['Application'],
    displayName: 'Read orders',
    value: 'Orders.Read',
  };

  it('is a role of any application of the directory, given to a principal: a managed identity too', async () => {
    const api = await make('orders api', { identifierUris: ['api://orders'], appRoles: [role] });
    const resource = (await ask('POST', '/servicePrincipals', { appId: api.appId })).body;
    assert.equal((resource['appRoles'] as readonly JsonObject[])[0]?.['value'], 'Orders.Read');
    const { principal, writes } = directory.planManagedIdentity({
      resourceId: '/y',
      displayName: 'caller',
      isExplicit: true,
    });
    await graph.store.transact(writes);
    const held = () => {
      const current = directory.servicePrincipal(principal.objectId);
      return current && directory.appRolesOn(current, String(resource['id']));
    };
    const body = { principalId: principal.objectId, resourceId: resource['id'], appRoleId: role.id };
    const made = await ask('POST', `/servicePrincipals/${resource['id']}/appRoleAssignedTo`, body);
    assert.equal(made.status, 201);
    assert.equal(made.body['resourceDisplayName'], 'orders api');
    assert.deepEqual(held(), ['Orders.Read']);
    assert.match(
      messageOf(await ask('POST', `/servicePrincipals/${principal.objectId}/appRoleAssignments`, body)),
      /already exists/,
    );
    assert.deepEqual(idsOf(await ask('GET', `/servicePrincipals/${principal.objectId}/appRoleAssignments`)), [
      made.body['id'],
    ]);
    assert.deepEqual(idsOf(await ask('GET', `/servicePrincipals(appId='${api.appId}')/appRoleAssignedTo`)), [
      made.body['id'],
    ]);
    const claims = async () => {
      const current = directory.servicePrincipal(principal.objectId) ?? principal;
      const wanted = { principal: current, resource: 'api://orders', identityResourceId: '/y' };
      const issued = await graph.issuer.issueManagedIdentityToken(wanted);
      return isRefusal(issued) ? undefined : decodeToken(issued.accessToken).claims;
    };
    assert.deepEqual((await claims())?.['roles'], ['Orders.Read']);
    assert.equal((await claims())?.['aud'], 'api://orders');
    await ask('PATCH', `/applications/${api.id}`, { api: { requestedAccessTokenVersion: 2 } });
    assert.equal((await claims())?.['aud'], api.appId);
    assert.equal((await claims())?.['ver'], '2.0');
    await ask('PATCH', `/applications/${api.id}`, { appRoles: [{ ...role, isEnabled: false }] });
    assert.equal((await claims())?.['roles'], undefined);
    assert.deepEqual(held(), [], 'a disabled role gives nothing');
    await ask('PATCH', `/applications/${api.id}`, { appRoles: [role] });
    assert.deepEqual(held(), ['Orders.Read']);
    const path = `/servicePrincipals/${resource['id']}/appRoleAssignedTo/${made.body['id']}`;
    assert.equal((await ask('DELETE', path)).status, 204);
    assert.equal((await ask('DELETE', path)).status, 404);
    assert.deepEqual(held(), []);
  });

  it('is refused where there is none, and for who is not there', async () => {
    const id = graph.principal.objectId;
    const none = '11111111-2222-4333-a444-555555555555';
    const resource = (await ask('GET', "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')")).body['id'];
    const path = `/servicePrincipals/${id}/appRoleAssignments`;
    const good = { principalId: id, resourceId: resource, appRoleId: '7ab1d382-f21e-4acd-a863-ba3e13f7da61' };
    for (const bad of [
      {},
      { ...good, appRoleId: none },
      { ...good, appRoleId: '__proto__' },
      { ...good, principalId: none },
      { ...good, appRoleId: 7 },
    ]) {
      assert.equal((await ask('POST', path, bad)).status, 400, JSON.stringify(bad));
    }
    assert.equal((await ask('POST', path, { ...good, resourceId: none })).status, 404);
    const unprivileged = await openedGraph(['Application.ReadWrite.All']);
    const own = unprivileged.principal.objectId;
    const denied = await unprivileged.ask('POST', `/servicePrincipals/${own}/appRoleAssignments`, good);
    assert.equal(denied.status, 403);
    await unprivileged.close();
  });
});

describe('who may only write what it owns', async () => {
  const owner = await openedGraph(['Application.ReadWrite.OwnedBy']);
  after(owner.close);

  it('writes the applications that it made, and no others', async () => {
    const { body } = await owner.ask('POST', '/applications', { displayName: 'own' });
    assert.equal((await owner.ask('PATCH', `/applications/${body['id']}`, { notes: 'n' })).status, 204);
    const other = owner.directory.applications.byAlias(owner.principal.appId);
    assert.equal((await owner.ask('PATCH', `/applications/${other?.objectId}`, { notes: 'n' })).status, 403);
    assert.equal((await owner.ask('POST', '/groups', { displayName: 'g' })).status, 403);
  });
});
