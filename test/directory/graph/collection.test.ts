import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import type { ServicePrincipal } from '../../../src/core/ports/directory.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import type { Application } from '../../../src/directory/application.ts';
import {
  applicationFacts,
  applicationFilters,
  formatGraphApplication,
} from '../../../src/directory/graph/application-object.ts';
import type { Ask, GraphReply } from '../../../src/directory/graph/ask.ts';
import { formatListing, type Listing } from '../../../src/directory/graph/collection.ts';
import {
  formatServicePrincipal,
  principalFacts,
  principalFilters,
} from '../../../src/directory/graph/service-principal.ts';

const createdAt = Date.UTC(2026, 10, 23) as EpochMillis;
const common = { objectId: 'o', appId: 'a', displayName: 'd', createdAt, passwordCredentials: [] };
const application: Application = {
  ...common,
  identifierUris: ['api://a'],
  keyCredentials: [],
  owners: [],
  properties: { tags: ['t'], signInAudience: 'AzureADMultipleOrgs' },
};
const principal: ServicePrincipal = {
  ...common,
  servicePrincipalType: 'Application',
  accountEnabled: false,
  alternativeNames: ['n'],
  servicePrincipalNames: ['a', 'api://a'],
  appRoles: [],
  properties: { tags: ['t'] },
};

describe('what directory objects are filtered by', () => {
  const kinds: readonly (readonly [string, readonly string[], JsonObject, JsonObject])[] = [
    ['an application', applicationFilters, applicationFacts(application), formatGraphApplication(application, 'd')],
    [
      'an application that says nothing',
      applicationFilters,
      applicationFacts({ ...application, properties: {} }),
      formatGraphApplication({ ...application, properties: {} }, 'd'),
    ],
    ['a principal', principalFilters, principalFacts(principal, 'tenant'), formatServicePrincipal(principal, 'tenant')],
    [
      'a managed identity',
      principalFilters,
      principalFacts({ ...principal, servicePrincipalType: 'ManagedIdentity' }, 'tenant'),
      formatServicePrincipal({ ...principal, servicePrincipalType: 'ManagedIdentity' }, 'tenant'),
    ],
  ];
  for (const [title, names, facts, shown] of kinds) {
    it(`is what is shown: of ${title}`, () => {
      for (const name of names) assert.deepEqual([name, facts[name]], [name, shown[name]]);
    });
  }
});

describe('a page of a large collection', () => {
  const shown: number[] = [];
  const listing: Listing<number> = {
    items: Array.from({ length: 1000 }, (_, at) => at),
    facts: (n) => ({ id: String(n), displayName: `n${n % 10}` }),
    show: (n) => {
      shown.push(n);
      return { id: String(n) };
    },
  };
  const page = (query: Record<string, string>) => {
    shown.length = 0;
    const ask = { query, header: () => undefined, base: 'https://graph/v1.0' } as Partial<Ask> as Ask;
    const filterable = ['id', 'displayName'];
    return formatListing(listing, ask, { collection: 'things', filterable }) as GraphReply;
  };

  it('puts together what it shows, and nothing else', () => {
    assert.match(String(page({ $top: '2' }).body?.['@odata.nextLink']), /\$skiptoken=2$/);
    assert.deepEqual(shown, [0, 1]);
    page({ $top: '2', $skiptoken: '998' });
    assert.deepEqual(shown, [998, 999]);
    page({ $top: '2', $filter: "displayName eq 'n7'" });
    assert.deepEqual(shown, [7, 17]);
    page({ $top: '2', $orderby: 'displayName desc' });
    assert.deepEqual(shown, [9, 19]);
  });
});
