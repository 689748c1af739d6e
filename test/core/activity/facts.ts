import type { ActivityFacts } from '../../../src/core/activity/facts.ts';
import type { EpochMillis, EpochSeconds } from '../../../src/core/time.ts';

export const subscriptionId = '11111111-1111-4111-8111-111111111111';
export const tenantId = '22222222-2222-4222-8222-222222222222';
export const objectId = '33333333-3333-4333-8333-333333333333';
export const webOne = `/subscriptions/${subscriptionId}/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/web-1`;
export const noon = Date.parse('2026-11-23T12:00:00.123Z') as EpochMillis;

/** A managed identity restarting a machine; `changes` says what is different. */
export function factsOf(changes: Partial<ActivityFacts> = {}): ActivityFacts {
  return {
    eventDataId: '44444444-4444-4444-8444-444444444444',
    time: noon,
    correlationId: '55555555-5555-4555-8555-555555555555',
    operationId: '66666666-6666-4666-8666-666666666666',
    method: 'POST',
    uri: `https://management.azure.com${webOne}/restart?api-version=2024-11-01`,
    action: 'Microsoft.Compute/virtualMachines/restart/action',
    scope: webOne,
    resourceId: webOne,
    caller: {
      tenantId,
      objectId,
      appId: '77777777-7777-4777-8777-777777777777',
      audience: 'https://management.azure.com/',
      issuer: `https://sts.windows.net/${tenantId}/`,
      issuedAt: 1_795_000_000 as EpochSeconds,
      expiresOn: 1_795_086_400 as EpochSeconds,
      roles: [],
      claims: {
        aud: 'https://management.azure.com/',
        iat: 1_795_000_000,
        appid: '77777777-7777-4777-8777-777777777777',
        idtyp: 'app',
        oid: objectId,
        sub: objectId,
        tid: tenantId,
        idp: `https://sts.windows.net/${tenantId}/`,
        xms_mirid: webOne,
        act: { sub: 'alice' },
        roles: ['Directory.Read.All', 'Application.Read.All'],
      },
    },
    subscriptionId,
    tenantId,
    ...changes,
  };
}
