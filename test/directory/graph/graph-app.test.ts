import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import type { SignInReader } from '../../../src/core/ports/sign-in-log.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import { graphApp } from '../../../src/directory/graph/graph-app.ts';
import { graphObjectId } from '../../../src/directory/graph/microsoft-graph.ts';
import { openTokenService } from '../../../src/sts/token-service.ts';
import { jsonOf, openedTokenService, origin, postForm } from '../../sts/opened.ts';

const service = await openedTokenService();
after(service.close);
const { directory, store, issuer, principal, secret, tenantId } = service;
const signIns: SignInReader = { query: async () => ({ signIns: [] }) };
const app = graphApp({ ...service, signIns, origin: () => origin });
const machineId = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-1';
const planned = directory.planManagedIdentity({ resourceId: machineId, displayName: 'web-1', isExplicit: false });
await store.transact(planned.writes);
const machine = planned.principal;

async function tokenFor(resource: string): Promise<string> {
  const fields = { grant_type: 'client_credentials', client_id: principal.appId, client_secret: secret, resource };
  const body = await jsonOf(await postForm(service, `${origin}/${tenantId}/oauth2/token`, fields));
  return String(body['access_token']);
}

const token = await tokenFor('https://graph.microsoft.com/');
async function ask(path: string, init: RequestInit = {}, bearer = token) {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  const response = await app.request(`${origin}${path}`, { headers, ...init });
  return { status: response.status, headers: response.headers, body: await jsonOf(response) };
}
const get = (path: string) => ask(path);
const valuesOf = (body: JsonObject) => body['value'] as readonly JsonObject[];
const idsOf = (body: JsonObject) => valuesOf(body).map((one) => one['id']);
const list = (query: Record<string, string>) => get(`/v1.0/servicePrincipals?${new URLSearchParams(query)}`);
const codeOf = (body: JsonObject) => (body['error'] as JsonObject)['code'];

describe('service principals', () => {
  it('are listed, found by name and by filter as az sends it', async () => {
    const filters: readonly (readonly [string, readonly string[]])[] = [
      [`servicePrincipalNames/any(c:c eq '${machine.appId}')`, [machine.objectId]],
      [`servicePrincipalNames/any(x:x eq 'API://reader')`, [principal.objectId]],
      [`appId eq '${machine.appId.toUpperCase()}'`, [machine.objectId]],
      ["displayName eq 'web-1'", [machine.objectId]],
      ["startswith(displayName,'web')", [machine.objectId]],
      ["servicePrincipalType eq 'ManagedIdentity' and startsWith(displayName, 'w')", [machine.objectId]],
      [`alternativeNames/any(a:a eq '${machineId}')`, [machine.objectId]],
      ["displayName eq 'web-'", []],
      ["displayName eq 'a'' and ''b'", []],
      [`servicePrincipalNames/any(c:c eq '${machine.objectId}')`, []],
    ];
    for (const [$filter, ids] of filters) {
      const { status, body } = await list({ $filter });
      assert.equal(status, 200, $filter);
      assert.deepEqual(idsOf(body), ids, $filter);
    }
    assert.deepEqual(idsOf((await list({})).body), [
      principal.objectId,
      machine.objectId,
      graphObjectId(directory.tenant),
    ]);
  });

  it('have Graph’s shape: a managed identity with its alternative names and no secret', async () => {
    const { body } = await get(`/v1.0/servicePrincipals/${machine.objectId}`);
    assert.equal(body['@odata.context'], `${origin}/v1.0/$metadata#servicePrincipals/$entity`);
    assert.equal(body['id'], machine.objectId);
    assert.equal(body['appId'], machine.appId);
    assert.equal(body['displayName'], 'web-1');
    assert.equal(body['servicePrincipalType'], 'ManagedIdentity');
    assert.deepEqual(body['alternativeNames'], [
      'isExplicit=False',
      machineId.replace('resourceGroups', 'resourcegroups'),
    ]);
    assert.deepEqual(body['servicePrincipalNames'], machine.servicePrincipalNames);
    assert.equal(body['createdDateTime'], '2026-11-23T22:50:35Z');
    assert.deepEqual(body['passwordCredentials'], []);
  });

  it('show of a secret its hint alone', async () => {
    const { body } = await get(`/v1.0/servicePrincipals(appId='${principal.appId}')`);
    const [credential] = body['passwordCredentials'] as readonly JsonObject[];
    assert.equal(credential?.['hint'], secret.slice(0, 3));
    assert.equal(credential?.['secretText'], null);
    assert.ok(!JSON.stringify(body).includes(principal.passwordCredentials[0]?.secretSha256 ?? '?'));
  });

  it('are selected, counted and paged', async () => {
    const first = await list({ $top: '1', $select: 'displayName', $count: 'true' });
    assert.equal(first.body['@odata.count'], 3);
    assert.deepEqual(valuesOf(first.body), [{ id: principal.objectId, displayName: 'reader' }]);
    const next = String(first.body['@odata.nextLink']);
    assert.ok(next.startsWith(`${origin}/v1.0/servicePrincipals?`));
    const second = await get(next.slice(origin.length));
    assert.deepEqual(valuesOf(second.body), [{ id: machine.objectId, displayName: 'web-1' }]);
    const third = await get(String(second.body['@odata.nextLink']).slice(origin.length));
    assert.deepEqual(idsOf(third.body), [graphObjectId(directory.tenant)]);
    assert.equal(third.body['@odata.nextLink'], undefined);
  });

  it('are found in any letter case of the path, under /beta, and with a key in escapes', async () => {
    assert.equal((await get(`/beta/serviceprincipals/${machine.objectId.toUpperCase()}`)).status, 200);
    assert.equal((await get(`/v1.0//servicePrincipals/${machine.objectId}/`)).status, 200);
    assert.equal((await get(`/v1.0/servicePrincipals%28appId=%27${machine.appId}%27%29`)).status, 200);
  });

  it('that do not exist are 404', async () => {
    const missing = '11111111-2222-4333-a444-555555555555';
    const { status, body } = await get(`/v1.0/servicePrincipals/${missing}`);
    assert.equal(status, 404);
    const error = body['error'] as JsonObject;
    assert.equal(error['code'], 'Request_ResourceNotFound');
    assert.equal(
      error['message'],
      `Resource '${missing}' does not exist or one of its queried reference-property objects are not present.`,
    );
    assert.deepEqual(Object.keys(error['innerError'] as JsonObject), ['date', 'request-id', 'client-request-id']);
  });

  it('cannot be listed by what Graph does not support', async () => {
    for (const $filter of ['', 'displayName', "displayName ne 'x'", "secret eq 'x'", "appId eq 'a' or secret eq 'b'"]) {
      const { status, body } = await list({ $filter });
      assert.equal(status, 400, $filter);
      assert.equal(codeOf(body), 'Request_UnsupportedQuery');
    }
    for (const option of ['$search', '$expand', '$skip']) {
      const { status, body } = await list({ [option]: 'x' });
      assert.equal(status, 400, option);
      assert.equal(codeOf(body), 'Request_UnsupportedQuery');
    }
    for (const $top of ['0', '-1', 'x', '1000']) assert.equal((await list({ $top })).status, 400, $top);
  });
});

describe('directoryObjects/getByIds', () => {
  const post = (body: unknown) =>
    ask('/v1.0/directoryObjects/getByIds', { method: 'POST', body: JSON.stringify(body) });
  const missing = '11111111-2222-4333-a444-555555555555';

  it('answers those that exist, with the type that az reads', async () => {
    const types = ['user', 'group', 'servicePrincipal', 'directoryObjectPartnerReference'];
    const { body } = await post({ ids: [missing, machine.objectId, machine.objectId], types });
    assert.deepEqual(idsOf(body), [machine.objectId]);
    assert.equal(valuesOf(body)[0]?.['@odata.type'], '#microsoft.graph.servicePrincipal');
    assert.equal(body['@odata.context'], `${origin}/v1.0/$metadata#directoryObjects`);
    assert.deepEqual(idsOf((await post({ ids: [machine.objectId] })).body), [machine.objectId]);
  });

  it('leaves out what is not of the asked types', async () => {
    assert.deepEqual(idsOf((await post({ ids: [machine.objectId], types: ['user', 'group'] })).body), []);
  });

  it('refuses what is no list of ids', async () => {
    const bad = [
      undefined,
      {},
      [],
      { ids: 'x' },
      { ids: [] },
      { ids: ['x'] },
      { ids: [1] },
      { ids: [missing], types: 'user' },
    ];
    for (const body of bad) assert.equal((await post(body)).status, 400, JSON.stringify(body));
    const ids = Array.from({ length: 1001 }, () => missing);
    assert.equal((await post({ ids })).status, 400);
    assert.equal((await post({ ids: ids.slice(1) })).status, 200);
  });

  it('has single objects beside it', async () => {
    const { body } = await get(`/v1.0/directoryObjects/${machine.objectId}`);
    assert.equal(body['@odata.type'], '#microsoft.graph.servicePrincipal');
    assert.equal((await get(`/v1.0/directoryObjects/${missing}`)).status, 404);
  });
});

describe('the rest of the directory', () => {
  it('has no users, groups or application objects yet', async () => {
    for (const collection of ['users', 'groups', 'applications']) {
      const { status, body } = await get(`/v1.0/${collection}?$filter=displayName eq 'x'`);
      assert.equal(status, 200);
      assert.deepEqual(body['value'], []);
      assert.equal((await get(`/v1.0/${collection}/alice@postern.onmicrosoft.com`)).status, 404);
    }
  });

  it('has no /me for a token without a user', async () => {
    const { status, body } = await get('/v1.0/me');
    assert.equal(status, 400);
    assert.equal(
      (body['error'] as JsonObject)['message'],
      '/me request is only valid with delegated authentication flow.',
    );
  });

  it('has the tenant as its organization', async () => {
    const { body } = await get('/v1.0/organization');
    assert.deepEqual(idsOf(body), [tenantId]);
    assert.equal((await get(`/v1.0/organization/${tenantId}`)).body['displayName'], 'Postern');
  });

  it('is not written by who may only read it, and has no other segments', async () => {
    const write = await ask('/v1.0/servicePrincipals', { method: 'POST', body: '{}' });
    assert.equal(write.status, 403);
    assert.equal(codeOf(write.body), 'Authorization_RequestDenied');
    const put = await ask('/v1.0/servicePrincipals', { method: 'PUT', body: '{}' });
    assert.equal(put.status, 405);
    assert.equal(codeOf(put.body), 'MethodNotAllowed');
    assert.equal(codeOf((await get('/v1.0/devices')).body), 'BadRequest');
    assert.equal(codeOf((await get('/v2.0/users')).body), 'BadRequest');
    assert.equal((await get('/v1.0/servicePrincipals/%FF')).status, 404);
  });

  it('says which segment it does not have', async () => {
    const unknown: readonly (readonly [string, string])[] = [
      ['/v1.0/devices', 'devices'],
      ['/v1.0/groups/x/threads', 'threads'],
      ['/v1.0/groups/x/members/$count', '$count'],
    ];
    for (const [path, segment] of unknown) {
      const { status, body } = await get(path);
      assert.equal(status, 400);
      assert.ok(JSON.stringify(body).includes(`for the segment '${segment}'`), JSON.stringify(body));
    }
    assert.match(JSON.stringify((await get('/v2.0/users')).body), /Invalid version: v2\.0/);
    const post = await ask('/v1.0/groups/x/threads', { method: 'POST', body: '{}' });
    assert.ok(JSON.stringify(post.body).includes("for the segment 'threads'"), JSON.stringify(post.body));
  });
});

describe('a caller of Graph', () => {
  const path = '/v1.0/servicePrincipals';

  it('needs a token', async () => {
    const response = await app.request(`${origin}${path}`);
    assert.equal(response.status, 401);
    assert.equal(codeOf(await jsonOf(response)), 'InvalidAuthenticationToken');
  });

  it('needs it for Graph: by its own names or our origin', async () => {
    for (const resource of ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000', `${origin}/`]) {
      assert.equal((await ask(path, {}, await tokenFor(resource))).status, 200, resource);
    }
    const { status, body } = await ask(path, {}, await tokenFor('https://management.azure.com/'));
    assert.equal(status, 401);
    assert.equal(codeOf(body), 'InvalidAuthenticationToken');
    assert.equal(
      (
        await ask(
          path,
          {},
          token.replace(/[^.]+$/, (s) => (s.startsWith('A') ? 'B' : 'A') + s.slice(1)),
        )
      ).status,
      401,
    );
    assert.equal((await ask(path, {}, 'x')).status, 401);
  });

  it('needs an application permission to read the directory', async () => {
    const issue = async () => {
      const current = directory.servicePrincipal(machine.objectId) ?? machine;
      const request = { principal: current, resource: 'https://graph.microsoft.com', identityResourceId: machineId };
      const issued = await issuer.issueManagedIdentityToken(request);
      assert.ok(!isRefusal(issued));
      return issued.accessToken;
    };
    const denied = await ask(path, {}, await issue());
    assert.equal(denied.status, 403);
    assert.equal(codeOf(denied.body), 'Authorization_RequestDenied');
    await directory.grantAppRole(machine.objectId, 'User.Read.All');
    assert.equal((await ask(path, {}, await issue())).status, 403);
    await directory.grantAppRole(machine.objectId, 'Directory.Read.All');
    assert.equal((await ask(path, {}, await issue())).status, 200);
  });

  it('is refused at once when its principal has been deleted', async () => {
    await store.transact(directory.planDeletion(principal.objectId));
    assert.equal((await ask(path)).status, 401);
  });
});

describe('a bug behind an endpoint', () => {
  const broken = { ...directory, servicePrincipal: () => assert.fail('broken') };

  it('reaches the server in front, from Graph and from the token service', async () => {
    const graph = graphApp({ ...service, signIns, directory: broken, origin: () => origin });
    const issued = await issuer.issueManagedIdentityToken({
      principal: machine,
      resource: 'https://graph.microsoft.com',
      identityResourceId: machineId,
    });
    assert.ok(!isRefusal(issued));
    const { accessToken } = issued;
    const request = new Request(`${origin}/v1.0/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    await assert.rejects(async () => graph.fetch(request), /broken/);
    const unreadable = { ...directory, servicePrincipalByAppId: () => assert.fail('broken') };
    const { app: sts } = await openTokenService({ ...service, directory: unreadable, origin: () => origin });
    const fields = { grant_type: 'client_credentials', client_id: 'x', client_secret: 'x', resource: 'x' };
    await assert.rejects(async () => postForm({ app: sts }, `${origin}/${tenantId}/oauth2/token`, fields), /broken/);
  });
});
