import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServicePrincipal, Tenant } from '../../../src/core/ports/directory.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import type { EpochMillis, EpochSeconds } from '../../../src/core/time.ts';
import { applicationClaims, managedIdentityClaims, type TokenFacts } from '../../../src/core/token/claims.ts';
import { authorityOf, formatIssuer, isAcceptedIssuer, publicAuthority } from '../../../src/core/token/issuers.ts';
import { managedIdentityLifetimeSeconds, tokenTimes } from '../../../src/core/token/lifetime.ts';
import { findResource } from '../../../src/core/token/resource.ts';

const tenantId = '72f988bf-0000-4000-a000-2d7cd011db47';
const tenant: Tenant = {
  tenantId,
  displayName: 'Postern',
  defaultDomain: 'postern.onmicrosoft.com',
  createdAt: 1_764_000_000_999 as EpochMillis,
};
const principal: ServicePrincipal = {
  objectId: '0b1e1111-0000-4000-a000-000000000001',
  appId: 'c11e1111-0000-4000-a000-000000000002',
  displayName: 'web-1',
  servicePrincipalType: 'ManagedIdentity',
  accountEnabled: true,
  alternativeNames: [],
  servicePrincipalNames: [],
  appRoles: ['Directory.Read.All'],
  passwordCredentials: [],
  createdAt: 0 as EpochMillis,
};
const compute = '/subscriptions/s/resourceGroups/Prod/providers/Microsoft.Compute/virtualMachines/web-1';
const userAssigned =
  '/subscriptions/s/resourceGroups/Prod/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deploy';
const now = 1_764_003_600 as EpochSeconds;

function facts(resource: string, more: Partial<TokenFacts> = {}): TokenFacts {
  const found = findResource(resource, {
    tenant,
    origin: 'https://localhost:8443',
    servicePrincipalByName: () => undefined,
    accessTokenVersionOf: () => 1,
  });
  assert.ok(!isRefusal(found));
  return {
    tenant,
    issuer: formatIssuer(publicAuthority, tenantId, found.tokenVersion),
    resource: found,
    principal,
    appidacr: '2',
    times: tokenTimes(now, managedIdentityLifetimeSeconds),
    opaque: { aio: 'AIO', rh: 'RH', uti: 'UTI', ftd: 'FTD', rd: 'RD' },
    ...more,
  };
}

describe("a managed identity's version 1 token", () => {
  it('carries the claims that Azure’s carry, in their order (captured from a VM, December 2025)', () => {
    const claims = managedIdentityClaims({ ...facts('https://management.azure.com/'), identityResourceId: compute });
    assert.equal(
      JSON.stringify(claims),
      JSON.stringify({
        aud: 'https://management.azure.com/',
        iss: `https://sts.windows.net/${tenantId}/`,
        iat: now - 300,
        nbf: now - 300,
        exp: now + 86_400,
        aio: 'AIO',
        appid: principal.appId,
        appidacr: '2',
        idp: `https://sts.windows.net/${tenantId}/`,
        idtyp: 'app',
        oid: principal.objectId,
        rh: 'RH',
        sub: principal.objectId,
        tid: tenantId,
        uti: 'UTI',
        ver: '1.0',
        xms_act_fct: '3 9',
        xms_ftd: 'FTD',
        xms_idrel: '7 2',
        xms_mirid: '/subscriptions/s/resourcegroups/Prod/providers/Microsoft.Compute/virtualMachines/web-1',
        xms_rd: 'RD',
        xms_sub_fct: '9 3',
        xms_tcdt: 1_764_000_000,
      }),
    );
  });

  it('is valid for 24 hours and backdated by five minutes: 86700 seconds from nbf to exp', () => {
    const { nbf, exp } = applicationClaims(facts('https://management.azure.com/'));
    assert.equal(Number(exp) - Number(nbf), 86_700);
  });

  it('names the machine (xms_az_rid) only for a user-assigned identity', () => {
    const ids = { identityResourceId: userAssigned, machineResourceId: compute };
    const claims = managedIdentityClaims({ ...facts('https://management.azure.com/'), ...ids });
    assert.equal(claims['xms_mirid'], userAssigned.replace('resourceGroups', 'resourcegroups'));
    assert.equal(claims['xms_az_rid'], compute.replace('resourceGroups', 'resourcegroups'));
    const systemAssigned = managedIdentityClaims({
      ...facts('https://management.azure.com/'),
      identityResourceId: compute,
    });
    assert.ok(!('xms_az_rid' in systemAssigned));
  });
});

describe('application permissions', () => {
  it('are in a token for Graph, among the claims by name', () => {
    const claims = applicationClaims(facts('https://graph.microsoft.com'));
    assert.deepEqual(claims['roles'], ['Directory.Read.All']);
    assert.equal(claims['app_displayname'], 'web-1');
    const names = Object.keys(claims).slice(5);
    assert.deepEqual(names, names.toSorted());
  });

  it('are not in a token for Resource Manager, nor in one of a principal that has none', () => {
    assert.ok(!('roles' in applicationClaims(facts('https://management.azure.com/'))));
    const none = facts('https://graph.microsoft.com', { principal: { ...principal, appRoles: [] } });
    assert.ok(!('roles' in applicationClaims(none)));
  });
});

describe('a version 2 token', () => {
  it('has azp and azpacr in place of appid, appidacr and idp, and its resource’s application id as audience', () => {
    const claims = applicationClaims(facts('api://AzureADTokenExchange', { appidacr: '1' }));
    assert.deepEqual(Object.keys(claims), [
      ...['aud', 'iss', 'iat', 'nbf', 'exp', 'aio', 'azp', 'azpacr', 'idtyp', 'oid', 'rh', 'sub', 'tid', 'uti', 'ver'],
      ...['xms_act_fct', 'xms_ftd', 'xms_idrel', 'xms_sub_fct'],
    ]);
    assert.equal(claims['aud'], 'fb60f99c-7a34-4190-8149-302f77469936');
    assert.equal(claims['iss'], `https://login.microsoftonline.com/${tenantId}/v2.0`);
    assert.equal(claims['azpacr'], '1');
    assert.equal(claims['ver'], '2.0');
  });
});

describe('the issuer follows the authority by which a token was asked for', () => {
  const origin = 'https://localhost:8443';

  it('has four forms, and no others are accepted', () => {
    const ours = [
      `https://sts.windows.net/${tenantId}/`,
      `https://login.microsoftonline.com/${tenantId}/v2.0`,
      `${origin}/${tenantId}/`,
      `${origin}/${tenantId}/v2.0`,
    ];
    for (const issuer of ours) assert.equal(isAcceptedIssuer(issuer, origin, tenantId), true, issuer);
    for (const other of [...ours.map((issuer) => `${issuer}x`), ...ours.map((issuer) => issuer.slice(0, -1)), '']) {
      assert.equal(isAcceptedIssuer(other, origin, tenantId), false, other);
    }
  });

  it('takes a host that is neither ours nor the public cloud’s for our own origin', () => {
    assert.deepEqual(authorityOf('login.microsoftonline.com', origin), { kind: 'public' });
    assert.deepEqual(authorityOf('STS.windows.net', origin), { kind: 'public' });
    assert.deepEqual(authorityOf('localhost:8443', origin), { kind: 'own', origin });
    assert.deepEqual(authorityOf('login.microsoftonline.com.evil.org', origin), { kind: 'own', origin });
  });
});
