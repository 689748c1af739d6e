import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { timesIn } from '../../../src/directory/graph/sign-in-times.ts';
import { signIn } from '../../sign-ins/log.ts';
import { idsOf, messageOf, type OpenedGraph, openedGraph } from './opened.ts';

const webOne = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-1';

describe("Microsoft Graph's sign-ins", () => {
  let graph: OpenedGraph;
  let principalId = '';
  let clientId = '';
  let ids: readonly string[] = [];
  const id = (n: number) => ids[n - 1] ?? '00000000-0000-8000-8000-000000000000';

  before(async () => {
    graph = await openedGraph(['AuditLog.Read.All']);
    const { writes, principal } = graph.directory.planManagedIdentity({
      resourceId: webOne,
      displayName: 'web-1',
      isExplicit: false,
    });
    await graph.store.transact(writes);
    ({ objectId: principalId, appId: clientId } = principal);
    const identity = { principalId, clientId, resourceId: webOne };
    const at = (minute: number) => Date.parse(`2026-11-23T22:0${minute}:00.123Z`) as EpochMillis;
    const ofWebOne = { machineResourceId: webOne, identity };
    await graph.signIns.record(signIn(1, { ...ofWebOne, time: at(1), outcome: 'issued', clientRequestId: 'r-1' }));
    const { uti: _, ...denied } = signIn(2, { ...ofWebOne, time: at(2), outcome: 'denied' });
    await graph.signIns.record({
      ...denied,
      user: { uid: 1001, userName: 'bob', groupNames: ['bob'] },
      process: { pid: 7, exePath: '/usr/bin/curl', processName: 'curl' },
      access: { mode: 'Enforce', decision: 'Deny', rule: 'defaultAccess Deny' },
    });
    const failure = { code: 'AADSTS500011', message: 'The resource principal was not found.' };
    await graph.signIns.record(signIn(3, { time: at(3), outcome: 'failed', failure }));
    ids = (await graph.signIns.readAfter(0)).map((record) => record.id);
  });
  after(() => graph.close());

  const find = async (filter: string) =>
    idsOf(await graph.ask('GET', `/auditLogs/signIns?$filter=${encodeURIComponent(filter)}`));

  it('shows a managed identity, its resource, its machine and the token; the user in a property of our own', async () => {
    const { status, body } = await graph.ask('GET', `/auditLogs/signIns/${id(1)}`);
    assert.equal(status, 200);
    const { posternRecord, '@odata.context': context, ...rest } = body;
    assert.match(String(context), /#auditLogs\/signIns\/\$entity$/);
    assert.equal((posternRecord as JsonObject)['outcome'], 'issued');
    assert.deepEqual(rest, {
      id: id(1),
      createdDateTime: '2026-11-23T22:01:00.123Z',
      appDisplayName: 'web-1',
      appId: clientId,
      servicePrincipalId: principalId,
      servicePrincipalName: 'web-1',
      resourceDisplayName: 'Windows Azure Service Management API',
      resourceId: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
      correlationId: 'r-1',
      ipAddress: '',
      clientAppUsed: '',
      conditionalAccessStatus: 'notApplied',
      isInteractive: false,
      signInEventTypes: ['managedIdentity'],
      clientCredentialType: 'managedIdentity',
      tokenIssuerType: 'AzureAD',
      uniqueTokenIdentifier: 'uti-1',
      status: { errorCode: 0, failureReason: 'Other.', additionalDetails: null },
      managedServiceIdentity: { msiType: 'systemAssigned', associatedResourceId: webOne },
      posternActor: { uid: 1000, userName: 'alice', groupNames: ['alice'], machineId: webOne },
    });
  });

  it('says of a denial the rule, and of a failure the number that Entra gave it', async () => {
    const { body: denied } = await graph.ask('GET', `/auditLogs/signIns/${id(2)}`);
    const reason = 'defaultAccess Deny';
    assert.deepEqual(denied['status'], { errorCode: 403, failureReason: reason, additionalDetails: reason });
    const { body: failed } = await graph.ask('GET', `/auditLogs/signIns/${id(3)}`);
    assert.equal((failed['status'] as JsonObject)['errorCode'], 500011);
  });

  it('are listed newest first, and filtered by time, principal, kind, error and user', async () => {
    assert.deepEqual(idsOf(await graph.ask('GET', '/auditLogs/signIns')), [id(3), id(2), id(1)]);
    assert.deepEqual(await find("signInEventTypes/any(t: t eq 'managedIdentity')"), [id(3), id(2), id(1)]);
    assert.deepEqual(await find("signInEventTypes/any(t: t eq 'interactiveUser')"), []);
    assert.deepEqual(await find(`servicePrincipalId eq '${principalId}'`), [id(2), id(1)]);
    assert.deepEqual(await find(`id eq '${id(2)}'`), [id(2)]);
    assert.deepEqual(
      await find('createdDateTime ge 2026-11-23T22:02:00Z and createdDateTime lt 2026-11-23T22:03:00Z'),
      [id(2)],
    );
    assert.deepEqual(
      await find(
        "(createdDateTime ge 2026-11-23T22:02:00Z and createdDateTime le 2026-11-23T22:09:00Z) and signInEventTypes/any(t: t eq 'managedIdentity')",
      ),
      [id(3), id(2)],
    );
    assert.deepEqual(await find('createdDateTime lt 2026-11-23T22:02:00Z or createdDateTime gt 2026-11-23T22:03:00Z'), [
      id(3),
      id(1),
    ]);
    assert.deepEqual(await find('status/errorCode eq 0'), [id(1)]);
    assert.deepEqual(await find('status/errorCode ne 0'), [id(3), id(2)]);
    assert.deepEqual(await find("posternActor/userName eq 'bob'"), [id(2)]);
    assert.deepEqual(await find("uniqueTokenIdentifier eq 'uti-1'"), [id(1)]);
  });

  it('come page by page', async () => {
    const first = await graph.ask('GET', '/auditLogs/signIns?$top=2&$orderby=createdDateTime desc');
    assert.deepEqual(idsOf(first), [id(3), id(2)]);
    const second = await graph.ask('GET', String(first.body['@odata.nextLink']));
    assert.deepEqual(idsOf(second), [id(1)]);
    assert.equal('@odata.nextLink' in second.body, false);
  });

  it('refuse what would be answered otherwise than asked', async () => {
    assert.equal((await graph.ask('GET', '/auditLogs/signIns?$orderby=createdDateTime asc')).status, 400);
    assert.equal((await graph.ask('GET', '/auditLogs/signIns?$top=1001')).status, 400);
    assert.equal((await graph.ask('GET', '/auditLogs/signIns?$top=0')).status, 400);
    assert.equal((await graph.ask('GET', '/auditLogs/signIns?$skiptoken=x')).status, 400);
    const unknown = await graph.ask('GET', "/auditLogs/signIns?$filter=userId eq 'x'");
    assert.match(messageOf(unknown), /Unsupported or invalid query filter/);
    assert.equal((await graph.ask('GET', '/auditLogs/signIns?$filter=createdDateTime ge yesterday')).status, 400);
    assert.equal((await graph.ask('GET', `/auditLogs/signIns/${id(9)}`)).status, 404);
  });

  it('need the permission AuditLog.Read.All', async () => {
    const others = await openedGraph(['Directory.ReadWrite.All']);
    assert.equal((await others.ask('GET', '/auditLogs/signIns')).status, 403);
    assert.equal((await others.ask('GET', `/auditLogs/signIns/${id(1)}`)).status, 403);
    await others.close();
  });
});

describe('the times that a filter of sign-ins can match', () => {
  const at = (text: string) => Date.parse(text);

  it('are between the latest beginning and the earliest end', () => {
    assert.deepEqual(
      timesIn("createdDateTime ge 2026-11-01T00:00:00Z and createdDateTime gt 2026-11-02 and id eq 'x'"),
      {
        from: at('2026-11-01T00:00:00Z'),
      },
    );
    assert.deepEqual(timesIn('createdDateTime le 2026-11-02T00:00:00Z and createdDateTime lt 2026-11-01T00:00:00Z'), {
      to: at('2026-11-01T00:00:00Z'),
    });
  });

  it('are all times where there is or, or not', () => {
    assert.deepEqual(timesIn("createdDateTime ge 2026-11-01T00:00:00Z or id eq 'x'"), {});
    assert.deepEqual(timesIn('not (createdDateTime ge 2026-11-01T00:00:00Z)'), {});
  });

  it('are not narrowed by what stands in quotes', () => {
    assert.deepEqual(timesIn("id eq 'createdDateTime ge 2026-11-01T00:00:00Z'"), {});
    assert.deepEqual(timesIn("id eq 'a'' createdDateTime ge 2026-11-01T00:00:00Z'"), {});
  });
});
