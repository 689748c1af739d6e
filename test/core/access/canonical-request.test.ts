import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalRequest } from '../../../src/core/access/canonical-request.ts';

const identity = { principalId: 'p', clientId: 'c', resourceId: '/subscriptions/s/resourcegroups/g/providers/x/y/z' };

describe('the canonical form of a metadata request', () => {
  it('has no letter case, no empty segment and no trailing slash in its path', () => {
    const { path } = canonicalRequest(['Metadata', '', 'IDENTITY', 'oauth2', 'token', ''], new Map());
    assert.equal(path, '/metadata/identity/oauth2/token');
  });

  it('has no letter case in its parameters and none that are empty', () => {
    const { query } = canonicalRequest(
      [],
      new Map([
        ['API-Version', '2018-02-01'],
        ['Format', 'JSON'],
        ['x', ''],
      ]),
    );
    assert.deepEqual(
      [...query],
      [
        ['api-version', '2018-02-01'],
        ['format', 'json'],
      ],
    );
  });

  it('names a resource without the slash that may end it', () => {
    const spelled = ['https://vault.azure.net', 'https://vault.azure.net/', 'HTTPS://Vault.Azure.NET//'];
    const forms = spelled.map((resource) =>
      canonicalRequest([], new Map([['resource', resource]])).query.get('resource'),
    );
    assert.deepEqual(forms, Array(3).fill('https://vault.azure.net'));
  });

  it('keeps the slash that ends another parameter', () => {
    assert.equal(canonicalRequest([], new Map([['authority', 'a/']])).query.get('authority'), 'a/');
  });

  it('has the identity in the place of whatever selected it', () => {
    const selectors = ['client_id', 'Object_Id', 'principal_id', 'msi_res_id', 'MI_RES_ID'];
    for (const name of selectors) {
      const request = canonicalRequest(['token'], new Map([[name, 'c']]), identity);
      assert.deepEqual(request, { path: '/token', query: new Map(), identity });
    }
  });

  it('is its own canonical form', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.dictionary(fc.string(), fc.string()), (segments, fields) => {
        const once = canonicalRequest(segments, new Map(Object.entries(fields)), identity);
        const again = canonicalRequest(once.path.split('/'), once.query, once.identity);
        assert.deepEqual(again, once);
      }),
    );
  });
});
