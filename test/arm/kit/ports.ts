import type { ActivityEvent } from '../../../src/core/activity/event.ts';
import type { ActivityLog } from '../../../src/core/ports/activity-log.ts';
import type { Authorizer } from '../../../src/core/ports/authorizer.ts';
import type { Directory, ServicePrincipal } from '../../../src/core/ports/directory.ts';
import type { Machines, MachineView } from '../../../src/core/ports/machines.ts';
import type { Random } from '../../../src/core/ports/random.ts';
import type { ScheduledEvents } from '../../../src/core/ports/scheduled-events.ts';
import type { TokenRejection, TokenVerifier, VerifiedToken } from '../../../src/core/ports/token-verifier.ts';
import { foldId, isAtOrBelow } from '../../../src/core/resource-id.ts';
import type { EpochMillis, EpochSeconds } from '../../../src/core/time.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const subscriptionId = '22222222-2222-4222-8222-222222222222';
export const startMillis = Date.parse('2026-11-23T12:00:00Z') as EpochMillis;

/** GUIDs that count up. */
export function countingRandom(): Random {
  let next = 0;
  return {
    uuid: () => {
      next += 1;
      return `00000000-0000-4000-8000-${String(next).padStart(12, '0')}`;
    },
    bytes: (length) => new Uint8Array(length),
  };
}

/** A grant of the table below: actions as regular expressions' sources, `.*` for all. */
export interface TableGrant {
  readonly principalId: string;
  readonly action: RegExp;
  readonly scope: string;
}

/** An authorizer that reads a table which tests change at will. */
export function tableAuthorizer(grants: readonly TableGrant[]): Authorizer {
  const of = (principalId: string) => grants.filter((grant) => grant.principalId === principalId);
  return {
    decide: ({ principalId, action, scope }) => {
      const found = of(principalId).find((grant) => grant.action.test(action) && isAtOrBelow(scope, grant.scope));
      return { allowed: found !== undefined, because: { kind: 'noAssignments' } };
    },
    permissionsAt: () => [],
    scopesOf: (principalId) => of(principalId).map((grant) => grant.scope),
  };
}

export function application(objectId: string, more: Partial<ServicePrincipal> = {}): ServicePrincipal {
  return {
    objectId,
    appId: `app-of-${objectId}`,
    displayName: objectId,
    servicePrincipalType: 'Application',
    accountEnabled: true,
    alternativeNames: [],
    servicePrincipalNames: [],
    appRoles: [],
    passwordCredentials: [],
    createdAt: startMillis,
    ...more,
  };
}

export function tokenOf(objectId: string, more: Partial<VerifiedToken> = {}): VerifiedToken {
  return {
    tenantId,
    objectId,
    appId: `app-of-${objectId}`,
    audience: 'https://management.azure.com/',
    issuer: `https://sts.windows.net/${tenantId}/`,
    issuedAt: (startMillis / 1000 - 300) as EpochSeconds,
    expiresOn: (startMillis / 1000 + 86_000) as EpochSeconds,
    roles: [],
    claims: { oid: objectId, tid: tenantId },
    ...more,
  };
}

/** A verifier that knows tokens by heart. */
export function tableVerifier(tokens: ReadonlyMap<string, VerifiedToken | TokenRejection>): TokenVerifier {
  return { verify: async (token) => tokens.get(token) ?? { rejected: 'signature' } };
}

export function tableDirectory(principals: ReadonlyMap<string, ServicePrincipal>): Directory {
  return {
    tenant: { tenantId, displayName: 'Postern', defaultDomain: 'postern.example', createdAt: startMillis },
    servicePrincipal: (objectId) => principals.get(objectId),
    servicePrincipalByAppId: () => undefined,
    servicePrincipalByName: () => undefined,
    appRolesOn: () => [],
    accessTokenVersionOf: () => 1,
    credentialsOf: () => ({ passwordCredentials: [], keyCredentials: [], federatedCredentials: [] }),
    federatedCredentialsOf: () => [],
    planFederatedCredential: () => [],
    planFederatedCredentialRemoval: () => [],
    principalType: () => 'ServicePrincipal',
    groupsOf: () => [],
    planManagedIdentity: () => {
      throw new Error('the front door plans no identities');
    },
    planRelocation: () => [],
    planDeletion: () => [],
  };
}

export function tableMachines(views: ReadonlyMap<string, MachineView>): Machines {
  return { view: (resourceId) => views.get(foldId(resourceId)) };
}

export function listLog(events: ActivityEvent[]): ActivityLog {
  return {
    planRecord: async () => {
      throw new Error('the front door records when its work is done');
    },
    record: async (added) => void events.push(...added),
    query: async () => ({ events }),
  };
}

/** No machine listens for its events. */
export const silentEvents: ScheduledEvents = {
  announce: async () => ({ outcome: 'mayBegin', end: async () => undefined }),
};
