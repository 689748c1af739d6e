import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServicePrincipal, Tenant } from '../../../src/core/ports/directory.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { findResource } from '../../../src/core/token/resource.ts';

const tenant: Tenant = {
  tenantId: '11111111-1111-4111-a111-111111111111',
  displayName: 'Postern',
  defaultDomain: 'postern.onmicrosoft.com',
  createdAt: 0 as EpochMillis,
};
const application = { servicePrincipalType: 'Application' } as ServicePrincipal;
const managedIdentity = { servicePrincipalType: 'ManagedIdentity' } as ServicePrincipal;
const names = new Map([
  ['api://ours', application],
  ['22222222-2222-4222-a222-222222222222', managedIdentity],
  ['api://two', { ...application, appId: 'two' }],
]);
const where = {
  tenant,
  origin: 'https://localhost:8443',
  servicePrincipalByName: (name: string) => names.get(name),
  accessTokenVersionOf: ({ appId }: ServicePrincipal) => (appId === 'two' ? 2 : 1) as 1 | 2,
};

describe('the audience of a token is the resource as it was asked for', () => {
  const known = [
    'https://management.azure.com',
    'https://management.azure.com/',
    'https://management.core.windows.net/',
    'https://MANAGEMENT.azure.com/',
    '797f4846-ba00-4fd7-ba43-dac1f8f63013',
    'https://graph.microsoft.com',
    '00000003-0000-0000-c000-000000000000',
    'https://vault.azure.net',
    'https://my-vault.vault.azure.net',
    'https://account.blob.core.windows.net/',
    'https://storage.azure.com/',
    'https://account.documents.azure.com',
    'https://database.windows.net/',
    'https://ossrdbms-aad.database.windows.net',
    'https://localhost:8443',
    'https://localhost:8443/',
    'api://ours',
  ];
  for (const resource of known) {
    it(resource, () => {
      const found = findResource(resource, where);
      assert.ok(!isRefusal(found));
      assert.equal(found.audience, resource);
      assert.equal(found.tokenVersion, 1);
    });
  }

  it('except for a resource that takes version 2 tokens: its application id', () => {
    for (const resource of ['api://AzureADTokenExchange', 'fb60f99c-7a34-4190-8149-302f77469936']) {
      assert.deepEqual(findResource(resource, where), {
        audience: 'fb60f99c-7a34-4190-8149-302f77469936',
        tokenVersion: 2,
        carriesAppRoles: false,
      });
    }
  });
});

describe('an application of the directory takes the version of tokens that it asks for', () => {
  for (const [resource, audience, version] of [
    ['api://ours', 'api://ours', 1],
    ['api://two', 'two', 2],
  ] as const) {
    it(`${resource}: ${version}`, () => {
      const found = findResource(resource, where);
      assert.ok(!isRefusal(found));
      assert.deepEqual([found.audience, found.tokenVersion], [audience, version]);
    });
  }
});

describe('application permissions are in tokens for Graph, wherever it is served', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['https://graph.microsoft.com', true],
    ['https://graph.microsoft.com/', true],
    ['00000003-0000-0000-c000-000000000000', true],
    ['https://localhost:8443/', true],
    ['https://management.azure.com/', false],
    ['api://ours', false],
  ];
  for (const [resource, carriesAppRoles] of cases) {
    it(`${resource}: ${carriesAppRoles}`, () => {
      const found = findResource(resource, where);
      assert.ok(!isRefusal(found));
      assert.equal(found.carriesAppRoles, carriesAppRoles);
    });
  }
});

describe('a resource that the tenant does not know is refused with AADSTS500011', () => {
  const unknown = [
    'https://management.azure.co',
    'https://management.azure.com//',
    'https://management.azure.com/x',
    'http://management.azure.com/',
    'https://evil.com/.vault.azure.net',
    'https://vault.azure.net.evil.com',
    'https://.vault.azure.net',
    'https://localhost:8444/',
    'https://localhost/',
    'api://Ours-not',
    '22222222-2222-4222-a222-222222222222',
    '',
  ];
  for (const resource of unknown) {
    it(JSON.stringify(resource), () => {
      const found = findResource(resource, where);
      assert.ok(isRefusal(found));
      assert.equal(found.refused, 'AADSTS500011');
      assert.equal(
        found.message,
        `The resource principal named ${resource} was not found in the tenant named Postern. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
      );
    });
  }
});
