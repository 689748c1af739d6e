import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isRefusal } from '../../../src/core/refusal.ts';
import { parseDefaultScope } from '../../../src/core/token/scope.ts';

describe('a scope names its resource by exactly the ending /.default', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['https://management.azure.com/.default', 'https://management.azure.com'],
    ['https://management.azure.com//.default', 'https://management.azure.com/'],
    ['https://localhost:8443//.default', 'https://localhost:8443/'],
    ['797f4846-ba00-4fd7-ba43-dac1f8f63013/.default', '797f4846-ba00-4fd7-ba43-dac1f8f63013'],
    ['api://a/.default/.default', 'api://a/.default'],
  ];
  for (const [oauthScope, resource] of cases) {
    it(oauthScope, () => assert.equal(parseDefaultScope(oauthScope), resource));
  }

  it('gives back every resource without spaces to which it was added', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => !/\s/.test(text)),
        (resource) => parseDefaultScope(`${resource}/.default`) === resource,
      ),
    );
  });
});

describe('any other scope is refused', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['https://management.azure.com', 'AADSTS1002012'],
    ['https://management.azure.com/.Default', 'AADSTS1002012'],
    ['https://management.azure.com/.default/', 'AADSTS1002012'],
    ['https://management.azure.com/user_impersonation', 'AADSTS1002012'],
    ['/.default', 'AADSTS1002012'],
    ['https://a/.default https://b/.default', 'AADSTS70011'],
    ['openid https://a/.default', 'AADSTS70011'],
  ];
  for (const [oauthScope, code] of cases) {
    it(`${oauthScope}: ${code}`, () => {
      const refusal = parseDefaultScope(oauthScope);
      assert.ok(isRefusal(refusal));
      assert.equal(refusal.refused, code);
      assert.ok(refusal.message.includes(oauthScope));
    });
  }
});
