import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { RunningHost } from '../../src/host/start.ts';
import { ask, dataPaths, makePlace, type Place, tokenForm } from './running.ts';

const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';

describe('a host with a limit of role assignments of its own', () => {
  let place: Place;
  before(async () => {
    place = await makePlace();
  });
  after(() => place.remove());

  /** Whether one more role assignment is made: 201, or the code of the refusal. */
  async function assign(host: RunningHost, number: number): Promise<string> {
    const { root } = dataPaths(place.dataDir);
    const ca = await readFile(join(root, 'tls', 'ca.pem'), 'utf8');
    const credentials = JSON.parse(await readFile(join(root, 'admin.json'), 'utf8'));
    const got = await ask(host.origin, ca, `/${host.tenantId}/oauth2/v2.0/token`, tokenForm(host.origin, credentials));
    const authorization = `Bearer ${JSON.parse(got.body).access_token}`;
    const name = `00000000-0000-4000-8000-00000000000${number}`;
    const target = `/subscriptions/${host.subscriptionId}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`;
    const properties = { roleDefinitionId, principalId: name, principalType: 'ServicePrincipal' };
    const headers = { authorization, 'content-type': 'application/json' };
    const body = JSON.stringify({ properties });
    const answer = await ask(host.origin, ca, `${target}?api-version=2022-04-01`, { method: 'PUT', headers, body });
    return answer.status === 201 ? '201' : JSON.parse(answer.body).error.code;
  }

  it('refuses the first above it, and takes it once it is raised', async () => {
    // A first start makes two: the administrator's and the built-in machine's.
    const first = await place.start({ roleAssignmentLimit: 3 });
    assert.equal(await assign(first, 1), '201');
    assert.equal(await assign(first, 2), 'RoleAssignmentLimitExceeded');
    await first.stop();
    const raised = await place.start({ roleAssignmentLimit: 4 });
    assert.equal(await assign(raised, 2), '201');
    assert.equal(await assign(raised, 3), 'RoleAssignmentLimitExceeded');
    await raised.stop();
    const standard = await place.start();
    assert.equal(await assign(standard, 3), '201');
    await standard.stop();
  });
});
