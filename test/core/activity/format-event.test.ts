import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActivityEvent } from '../../../src/core/activity/event.ts';
import type { ActivityStage } from '../../../src/core/activity/facts.ts';
import { formatActivityEvent } from '../../../src/core/activity/format-event.ts';
import { formatHttpStatusName } from '../../../src/core/activity/http-status-name.ts';
import { matchesActivityQuery } from '../../../src/core/activity/matches.ts';
import { withoutSecrets } from '../../../src/core/activity/recorded-body.ts';

import { armErrors } from '../../../src/core/errors/arm.ts';
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts';
import { refuse } from '../../../src/core/refusal.ts';
import { factsOf, objectId, subscriptionId, tenantId, webOne } from './facts.ts';

const grant = {
  assignment: {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignments/8eb22423-e5cc-4615-92fd-a56f5b5dc2aa`,
    scope: `/subscriptions/${subscriptionId}`,
    roleDefinitionId: '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
    principalId: objectId,
    principalType: 'ServicePrincipal',
  },
  role: {
    id: '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
    roleName: 'Virtual Machine Contributor',
    type: 'BuiltInRole',
    description: '',
    assignableScopes: ['/'],
    permissions: [],
  },
} as const;

function objectAt(event: ActivityEvent, name: string): JsonObject {
  const value = event.body[name];
  assert.ok(isJsonObject(value), name);
  return value;
}

describe('an activity-log event', () => {
  it('has every property of EventData, and the schema’s channels and relatedEvents', () => {
    const facts = factsOf({ clientIpAddress: '127.0.0.1', clientRequestId: 'c1', evidence: { grant } });
    const { body } = formatActivityEvent(facts, { status: 'Succeeded', httpStatus: 200 });
    assert.deepEqual(body, {
      authorization: {
        action: 'Microsoft.Compute/virtualMachines/restart/action',
        scope: webOne,
        role: 'Virtual Machine Contributor',
        evidence: {
          role: 'Virtual Machine Contributor',
          roleAssignmentScope: `/subscriptions/${subscriptionId}`,
          roleAssignmentId: '8eb22423e5cc461592fda56f5b5dc2aa',
          roleDefinitionId: '9980e02cc2be4d7394e8173b1dc7cf3c',
          principalId: '33333333333343338333333333333333',
          principalType: 'ServicePrincipal',
        },
      },
      caller: objectId,
      channels: 'Operation',
      claims: {
        aud: 'https://management.azure.com/',
        iat: '1795000000',
        appid: '77777777-7777-4777-8777-777777777777',
        idtyp: 'app',
        'http://schemas.microsoft.com/identity/claims/objectidentifier': objectId,
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier': objectId,
        'http://schemas.microsoft.com/identity/claims/tenantid': tenantId,
        'http://schemas.microsoft.com/identity/claims/identityprovider': `https://sts.windows.net/${tenantId}/`,
        xms_mirid: webOne,
        act: '{"sub":"alice"}',
        'http://schemas.microsoft.com/ws/2008/06/identity/claims/role': 'Directory.Read.All,Application.Read.All',
      },
      correlationId: facts.correlationId,
      description: '',
      eventDataId: facts.eventDataId,
      eventName: { value: 'EndRequest', localizedValue: 'End request' },
      category: { value: 'Administrative', localizedValue: 'Administrative' },
      eventTimestamp: '2026-11-23T12:00:00.1230000Z',
      id: `${webOne}/events/${facts.eventDataId}/ticks/639310320001230000`,
      level: 'Informational',
      operationId: facts.operationId,
      operationName: {
        value: 'Microsoft.Compute/virtualMachines/restart/action',
        localizedValue: 'Restart Virtual Machine',
      },
      resourceGroupName: 'rg1',
      resourceProviderName: { value: 'Microsoft.Compute', localizedValue: 'Microsoft.Compute' },
      resourceType: {
        value: 'Microsoft.Compute/virtualMachines',
        localizedValue: 'Microsoft.Compute/virtualMachines',
      },
      resourceId: webOne,
      status: { value: 'Succeeded', localizedValue: 'Succeeded' },
      subStatus: { value: 'OK', localizedValue: 'OK (HTTP Status Code: 200)' },
      submissionTimestamp: '2026-11-23T12:00:00.1230000Z',
      subscriptionId,
      tenantId,
      httpRequest: { clientRequestId: 'c1', clientIpAddress: '127.0.0.1', method: 'POST', uri: facts.uri },
      properties: {
        statusCode: 'OK',
        serviceRequestId: facts.operationId,
        eventCategory: 'Administrative',
        entity: webOne,
        message: 'Microsoft.Compute/virtualMachines/restart/action',
        hierarchy: `${tenantId}/${subscriptionId}`,
      },
      relatedEvents: [],
    });
  });

  it('says beside its body what a query asks for', () => {
    const { body, ...event } = formatActivityEvent(factsOf(), { status: 'Started' });
    assert.equal(body.caller, objectId);
    assert.deepEqual(event, {
      time: factsOf().time,
      eventDataId: factsOf().eventDataId,
      correlationId: factsOf().correlationId,
      subscriptionId,
      resourceGroupName: 'rg1',
      resourceProviderName: 'Microsoft.Compute',
      resourceId: webOne,
      caller: objectId,
      status: 'Started',
    });
  });

  it('begins without a sub-status', () => {
    const event = formatActivityEvent(factsOf(), { status: 'Started' });
    assert.deepEqual(event.body.eventName, { value: 'BeginRequest', localizedValue: 'Begin request' });
    assert.deepEqual(event.body.subStatus, { value: '', localizedValue: '' });
    assert.equal('statusCode' in objectAt(event, 'properties'), false);
  });

  it('is an error with the refusal’s public words when the request failed, never with its cause', () => {
    const refusal = refuse('AuthorizationFailed', 'The client may not.', { cause: 'for the operator' });
    const event = formatActivityEvent(factsOf(), { status: 'Failed', httpStatus: 403, refusal });
    assert.equal(event.body.level, 'Error');
    assert.deepEqual(event.body.subStatus, { value: 'Forbidden', localizedValue: 'Forbidden (HTTP Status Code: 403)' });
    assert.deepEqual(JSON.parse(String(objectAt(event, 'properties').statusMessage)), {
      error: { code: 'AuthorizationFailed', message: 'The client may not.' },
    });
    assert.equal(objectAt(event, 'authorization').evidence, undefined);
    assert.doesNotMatch(JSON.stringify(event), /for the operator/);
  });

  it('has nothing but strings in claims and properties, as az reads them', () => {
    const event = formatActivityEvent(factsOf({ requestBody: { a: 1 } }), { status: 'Started' });
    for (const name of ['claims', 'properties']) {
      assert.ok(Object.values(objectAt(event, name)).every((value) => typeof value === 'string'));
    }
  });
});

describe('the resource of an event', () => {
  const typeOf = (resourceId: string): unknown => {
    const { body } = formatActivityEvent(factsOf({ resourceId }), { status: 'Started' });
    return (body.resourceType as JsonObject).value;
  };

  it('is of the type that its id says', () => {
    assert.equal(typeOf(`${webOne}/extensions/e`), 'Microsoft.Compute/virtualMachines/extensions');
    assert.equal(typeOf(`${webOne}/providers/Microsoft.Authorization/locks/l`), 'Microsoft.Authorization/locks');
    assert.equal(
      typeOf(`/subscriptions/${subscriptionId}/resourcegroups/rg1`),
      'Microsoft.Resources/subscriptions/resourceGroups',
    );
    assert.equal(typeOf(`/subscriptions/${subscriptionId}`), 'Microsoft.Resources/subscriptions');
    assert.equal(typeOf('/'), 'Microsoft.Resources/tenants');
  });

  it('gives the event’s id its beginning', () => {
    const { body } = formatActivityEvent(factsOf({ resourceId: '/' }), { status: 'Started' });
    assert.match(String(body.id), /^\/events\/4{8}-[-48]+\/ticks\/639310320001230000$/);
  });

  it('need not be in a subscription', () => {
    const { subscriptionId: _, ...rest } = factsOf({
      resourceId: '/providers/Microsoft.Authorization/roleAssignments/r',
    });
    const event = formatActivityEvent(rest, { status: 'Started' });
    assert.equal('subscriptionId' in event, false);
    assert.equal('resourceGroupName' in event.body, false);
    assert.equal(objectAt(event, 'properties').hierarchy, tenantId);
  });
});

describe('an event of a token that a user of a machine was handed', () => {
  const act = { mrid: webOne, sub: 'alice', uid: 1000 };
  const { caller } = factsOf();
  const ofAlice = factsOf({
    caller: {
      ...caller,
      claims: { ...caller.claims, act, uti: 'u-1' },
      actor: { userName: 'alice', uid: 1000, machineResourceId: webOne },
    },
  });

  it('names the user, beside the claim as text', () => {
    const event = formatActivityEvent(ofAlice, { status: 'Started' });
    assert.deepEqual(event.body.posternActor, { userName: 'alice', uid: 1000, machineId: webOne });
    assert.deepEqual(JSON.parse(String(objectAt(event, 'claims').act)), act);
    assert.equal(objectAt(event, 'claims').uti, 'u-1');
  });

  it('is told apart from one of nobody', () => {
    assert.equal('posternActor' in formatActivityEvent(factsOf(), { status: 'Started' }).body, false);
  });

  it('is found by the user and by the token, in their own letter case', () => {
    const event = formatActivityEvent(ofAlice, { status: 'Started' });
    const query = { from: event.time, to: event.time, limit: 1 };
    assert.equal(matchesActivityQuery(event, { ...query, userName: 'alice', uti: 'u-1' }), true);
    assert.equal(matchesActivityQuery(event, { ...query, userName: 'Alice' }), false);
    assert.equal(matchesActivityQuery(event, { ...query, userName: 'bob' }), false);
    assert.equal(matchesActivityQuery(event, { ...query, uti: 'U-1' }), false);
    const ofNobody = formatActivityEvent(factsOf(), { status: 'Started' });
    assert.equal(matchesActivityQuery(ofNobody, { ...query, userName: 'alice' }), false);
    assert.equal(matchesActivityQuery(ofNobody, { ...query, uti: 'u-1' }), false);
  });
});

describe('the request body in an event', () => {
  const bodyOf = (requestBody: JsonObject, status: 'Started' | 'Succeeded' = 'Started'): unknown => {
    const stage = status === 'Started' ? { status } : { status, httpStatus: 201 };
    return objectAt(formatActivityEvent(factsOf({ requestBody }), stage), 'properties').requestbody;
  };

  it('is a string, in the first event alone', () => {
    assert.equal(bodyOf({ tags: { a: 'b' } }), '{"tags":{"a":"b"}}');
    assert.equal(bodyOf({ tags: { a: 'b' } }, 'Succeeded'), undefined);
  });

  it('has no secrets, at any depth and in any letter case', () => {
    const osProfile = { adminUsername: 'u', ADMINPASSWORD: 's3cret', customData: 's3cret', secrets: ['s3cret'] };
    const linux = { disablePasswordAuthentication: true, ssh: { publicKeys: [{ keyData: 'ssh-rsa AAAA' }] } };
    const body = { properties: { osProfile: { ...osProfile, linux }, list: [{ clientSecret: 's3cret', n: 1 }] } };
    assert.deepEqual(withoutSecrets(body), {
      properties: { osProfile: { adminUsername: 'u', linux }, list: [{ n: 1 }] },
    });
    assert.doesNotMatch(JSON.stringify(bodyOf(body)), /s3cret/);
  });

  it('is left out when it is longer than an event should carry', () => {
    assert.equal(bodyOf({ text: 'x'.repeat(40_000) }), undefined);
  });
});

describe('the answer in an event', () => {
  const responseOf = (stage: ActivityStage): unknown =>
    objectAt(formatActivityEvent(factsOf(), stage), 'properties').responseBody;
  const succeeded = { status: 'Succeeded', httpStatus: 200 } as const;

  it('is a string without secrets, in the last event alone', () => {
    const responseBody = { properties: { principalId: 'p', clientSecret: 's3cret' } };
    assert.equal(responseOf({ ...succeeded, responseBody }), '{"properties":{"principalId":"p"}}');
    assert.equal(responseOf(succeeded), undefined);
    assert.equal(responseOf({ status: 'Started' }), undefined);
  });
});

describe('HTTP statuses in words', () => {
  it('are known for every refusal that Resource Manager can give', () => {
    for (const status of Object.values(armErrors)) assert.match(formatHttpStatusName(status), /^[A-Z][A-Za-z]+$/);
  });

  it('are the number itself for others', () => {
    assert.equal(formatHttpStatusName(418), '418');
  });
});
