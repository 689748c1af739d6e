import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { idsOf, messageOf, openedGraph } from './opened.ts';

const graph = await openedGraph();
after(graph.close);
const { ask } = graph;

const grants = '/oauth2PermissionGrants';

async function makeClient(): Promise<string> {
  const { body } = await ask('POST', '/applications', { displayName: 'client' });
  return String((await ask('POST', '/servicePrincipals', { appId: body['appId'] })).body['id']);
}

async function microsoftGraph(): Promise<string> {
  const [id] = idsOf(await ask('GET', "/servicePrincipals?$filter=displayName eq 'Microsoft Graph'"));
  assert.ok(id !== undefined);
  return id;
}

async function grant(clientId: string, more: object = {}) {
  const base = { clientId, consentType: 'AllPrincipals', principalId: null, scope: 'User.Read' };
  return ask('POST', grants, { ...base, resourceId: await microsoftGraph(), ...more });
}

describe('a delegated permission', () => {
  it('is given, found as az does, changed and taken away', async () => {
    const clientId = await makeClient();
    const { status, body } = await grant(clientId);
    assert.equal(status, 201);
    assert.deepEqual([body['clientId'], body['consentType'], body['principalId']], [clientId, 'AllPrincipals', null]);
    const filter = encodeURIComponent(`clientId eq '${clientId}' and consentType eq 'AllPrincipals'`);
    const listed = () => ask('GET', `${grants}?$filter=${filter}`);
    const id = String(body['id']);
    assert.deepEqual(idsOf(await listed()), [id]);
    assert.deepEqual(idsOf(await ask('GET', `/servicePrincipals/${clientId}${grants}`)), [id]);
    assert.equal((await ask('PATCH', `${grants}/${id}`, { scope: 'User.Read Mail.Read' })).status, 204);
    assert.equal((await ask('GET', `${grants}/${id}`)).body['scope'], 'User.Read Mail.Read');
    assert.equal((await ask('DELETE', `${grants}/${id}`)).status, 204);
    assert.equal((await ask('DELETE', `${grants}/${id}`)).status, 404);
    assert.deepEqual(idsOf(await listed()), []);
  });

  it('is given once on a resource', async () => {
    const clientId = await makeClient();
    await grant(clientId);
    const { status, body } = await grant(clientId);
    assert.equal(status, 409);
    assert.equal((body['error'] as { code: string }).code, 'Request_MultipleObjectsWithSameKeyValue');
    assert.equal((await grant(clientId, { resourceId: clientId })).status, 201);
  });

  it('goes with its client and comes back with it', async () => {
    const clientId = await makeClient();
    const { body } = await grant(clientId);
    await ask('DELETE', `/servicePrincipals/${clientId}`);
    assert.equal((await ask('GET', `${grants}/${body['id']}`)).status, 404);
    await ask('POST', `/directory/deletedItems/${clientId}/restore`);
    assert.equal((await ask('GET', `${grants}/${body['id']}`)).status, 200);
  });

  it('is refused what it cannot be', async () => {
    const clientId = await makeClient();
    const nobody = '00000000-0000-4000-8000-00000000000a';
    const cases: readonly (readonly [object, number, RegExp])[] = [
      [{ clientId: nobody }, 404, /does not exist/],
      [{ resourceId: nobody }, 404, /does not exist/],
      [{ clientId: 7 }, 400, /'clientId' and 'resourceId'/],
      [{ consentType: 'Everybody' }, 400, /'consentType' must be/],
      [{ consentType: 'Principal', principalId: nobody }, 404, /does not exist/],
      [{ principalId: nobody }, 400, /'principalId' must be null/],
      [{ scope: 7 }, 400, /'scope' must be/],
      [{ scope: 'x'.repeat(3851) }, 400, /at most 3850/],
    ];
    for (const [more, status, message] of cases) {
      const answered = await grant(clientId, more);
      assert.equal(answered.status, status, JSON.stringify(more));
      assert.match(messageOf(answered), message);
    }
    const id = String((await grant(clientId)).body['id']);
    assert.match(messageOf(await ask('PATCH', `${grants}/${id}`, { clientId })), /only 'scope' can/);
  });

  it('is given by who may give permissions', async () => {
    const reader = await openedGraph(['Application.ReadWrite.All', 'Directory.Read.All']);
    assert.equal((await reader.ask('GET', grants)).status, 200);
    assert.equal((await reader.ask('POST', grants, {})).status, 403);
    await reader.close();
  });
});
