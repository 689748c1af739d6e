import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { publicNames } from '../../src/http/public-names.ts';
import { serviceOf } from '../../src/http/service-of.ts';

describe('the service that a request on our own origin is for', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['/subscriptions/s/resourceGroups', 'arm'],
    ['//metadata/endpoints?api-version=2015-01-01', 'arm'],
    ['/Providers/Microsoft.Management/managementGroups', 'arm'],
    ['/operationresults/x?api-version=1', 'arm'],
    ['/%2Fsubscriptions%2Fs%2FresourceGroups%2Fg/providers/Microsoft.Authorization/locks/l', 'arm'],
    ['/%2fproviders/x', 'arm'],
    ['/v1.0/groups', 'graph'],
    ['/subscriptionsx', 'sts'],
    ['/subscriptions%2Fs', 'arm'],
    ['/tenant/oauth2/v2.0/token', 'sts'],
    ['/', 'sts'],
  ];
  for (const [path, service] of cases) {
    it(`is ${service} for ${path}`, () => assert.equal(serviceOf('localhost:8443', path, publicNames), service));
  }
});
