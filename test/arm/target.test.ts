import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseTarget } from '../../src/arm/parse/target.ts';
import { isRefusal } from '../../src/core/refusal.ts';

function segmentsOf(url: string): readonly string[] | string {
  const target = parseTarget(url);
  return isRefusal(target) ? target.refused : target.segments;
}

describe('a request path is read leniently', () => {
  const same = ['/a/b', '/a/b/', '//a//b//', 'https://localhost:8443/a/b', 'https://localhost//a/b?x=1'];
  for (const url of same) it(`reads ${url} as a, b`, () => assert.deepEqual(segmentsOf(url), ['a', 'b']));

  it('decodes percent-encoding once, also of letters beyond ASCII', () => {
    assert.deepEqual(segmentsOf('/a%20b/%C3%A9/%28c%29'), ['a b', 'é', '(c)']);
  });

  it('takes a scope apart that was encoded as a whole; an encoded slash elsewhere, or twice encoded, is refused', () => {
    const expected = ['subscriptions', 's', 'resourceGroups', 'g h', 'providers', 'x'];
    assert.deepEqual(segmentsOf('/%2Fsubscriptions%2fs%2FresourceGroups%2Fg%20h/providers/x'), expected);
    for (const url of ['/a%2Fb', '/a/%2Fb', '/%252Fa', '/%2Fa%252Fb', '/%2Fa%2F..%2Fb']) {
      assert.equal(segmentsOf(url), 'InvalidRequestUri', url);
    }
  });
});

describe('a subscription as a scope', () => {
  const spelled = '/providers/Microsoft.Subscription/subscriptions/s';

  it('has another spelling, in any letter case, with what lies below it', () => {
    const request = 'providers/Microsoft.Authorization/roleAssignmentScheduleRequests/r';
    for (const below of [request, `resourceGroups/g/${request}`]) {
      const expected = segmentsOf(`/subscriptions/s/${below}`);
      assert.deepEqual(segmentsOf(`${spelled}/${below}`), expected);
      assert.deepEqual(segmentsOf(`/Providers/MICROSOFT.subscription/subscriptions/s/${below}`), expected);
    }
  });

  it('is not what Microsoft.Subscription itself answers for', () => {
    for (const path of [
      spelled,
      `${spelled}/acceptOwnership`,
      '/providers/Microsoft.Subscription/aliases/a/providers',
    ]) {
      assert.deepEqual(segmentsOf(path), path.split('/').slice(1));
    }
  });
});

describe('a request path that could mean two things is refused', () => {
  const tricks = ['/a/../b', '/a/./b', '/a/%2e%2e/b', '/a/%2E./b', '/a%2fb', '/a%5Cb', '/a\\b', '/a%00b', '/a%0d%0ab'];
  const broken = [
    '/a/%zz',
    '/a/%',
    '/a/%ff',
    '/a/%252e%252e/b',
    '/a/%2525',
    '/a/%3Fb',
    '/a/%23b',
    '/a/%3Cb%3E',
    '/a/%20/b',
  ];
  for (const url of [...tricks, ...broken]) {
    it(`refuses ${JSON.stringify(url)}`, () => assert.equal(segmentsOf(url), 'InvalidRequestUri'));
  }

  it('reads back every segment that it accepts, whatever was written', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 5 }), (parts) => {
        const read = segmentsOf(`/a/${parts.map(encodeURIComponent).join('/')}`);
        if (read === 'InvalidRequestUri') return;
        assert.deepEqual(read, ['a', ...parts]);
        assert.ok(parts.every((part) => !/[/\\%?#]/.test(part) && part !== '.' && part !== '..'));
      }),
    );
  });
});

describe('query parameters', () => {
  it('have names without case, the first of two winning, and + for a space', () => {
    const target = parseTarget('/a?API-Version=1&api-version=2&%24filter=a+eq%20%27b%27');
    assert.ok(!isRefusal(target));
    assert.deepEqual(
      [...target.query],
      [
        ['api-version', '1'],
        ['$filter', "a eq 'b'"],
      ],
    );
  });
});
