import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  canonicalId,
  containerOf,
  foldId,
  formatGroupId,
  formatType,
  isAtOrBelow,
  nameOf,
  parseResourceId,
  sameId,
} from '../../src/core/resource-id.ts';

const vm = '/subscriptions/s/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/web-1';
const assignment = `${vm}/providers/Microsoft.Authorization/roleAssignments/a`;

describe('a resource id', () => {
  it('is taken apart: container, namespace, types and names', () => {
    const parsed = parseResourceId(`${vm}/extensions/e`) ?? assert.fail();
    assert.deepEqual([parsed.subscriptionId, parsed.resourceGroupName], ['s', 'rg1']);
    assert.equal(parsed.provider && formatType(parsed.provider), 'Microsoft.Compute/virtualMachines/extensions');
    assert.equal(containerOf(parsed), '/subscriptions/s/resourceGroups/rg1');
    assert.equal(nameOf(vm), 'web-1');
  });
  it("of an extension resource hangs from its parent's", () => {
    assert.equal(parseResourceId(assignment)?.provider?.scope, vm);
    assert.equal(parseResourceId('/providers/Microsoft.Authorization/roleDefinitions/r')?.provider?.scope, '/');
    assert.deepEqual(parseResourceId('/'), {});
  });
  const wrong = [
    '',
    'subscriptions/s',
    '/subscriptions',
    '/groups/g',
    `${vm}/`.replace('/web-1', ''),
    '/subscriptions/s/../t',
    '/subscriptions/s/resourceGroups',
    '/subscriptions/s/providers/N',
    '/subscriptions/s/providers/N/t',
    '/subscriptions/./providers/N/t/n',
  ];
  for (const id of wrong) it(`is not ${JSON.stringify(id)}`, () => assert.equal(parseResourceId(id), undefined));
});

describe('canonical spelling', () => {
  it('touches the fixed words alone, where they are structure', () => {
    const written = '//SUBSCRIPTIONS/S/resourcegroups/Providers/PROVIDERS/N.S/subscriptions/ResourceGroups/';
    assert.equal(
      canonicalId(written),
      '/subscriptions/S/resourceGroups/Providers/providers/N.S/subscriptions/ResourceGroups',
    );
    assert.equal(canonicalId(''), '/');
    assert.equal(canonicalId(formatGroupId('s', 'g').toUpperCase()), '/subscriptions/S/resourceGroups/G');
  });
});

const name = fc
  .string({ unit: fc.constantFrom(...'aB1-_.()é'), minLength: 1, maxLength: 6 })
  .filter((text) => !/^\.+$/.test(text));
const id = fc
  .tuple(name, fc.option(name, { nil: undefined }), fc.array(fc.tuple(name, name, name), { maxLength: 3 }))
  .map(([subscription, group, resources]) => {
    const container = `/subscriptions/${subscription}${group === undefined ? '' : `/resourceGroups/${group}`}`;
    return container + resources.map(([namespace, type, last]) => `/providers/N${namespace}/T${type}/${last}`).join('');
  });

describe('ids, whatever their names', () => {
  it('parse, in any letter case and with any slashes', () => {
    fc.assert(
      fc.property(id, (text) => {
        assert.ok(parseResourceId(text));
        assert.ok(parseResourceId(`${text.toUpperCase().replaceAll('/', '//')}/`));
      }),
    );
  });
  it('have one canonical spelling, which means the same and is its own', () => {
    fc.assert(
      fc.property(id, (text) => {
        assert.equal(canonicalId(text), text);
        const shouted = canonicalId(text.toUpperCase());
        assert.ok(sameId(shouted, text.toUpperCase()));
        assert.equal(canonicalId(shouted), shouted);
      }),
    );
  });
  it('cover themselves and what is below them, never a name that only begins the same', () => {
    fc.assert(
      fc.property(id, name, (text, more) => {
        assert.ok(isAtOrBelow(`${text}/t/${more}`, text.toUpperCase()));
        assert.ok(isAtOrBelow(text, text));
        assert.ok(isAtOrBelow(text, '/'));
        assert.ok(!isAtOrBelow(`${text}${more}`, text));
        assert.ok(!isAtOrBelow(text, `${text}/t/${more}`));
      }),
    );
  });
  it('fold once and for all', () => {
    fc.assert(fc.property(fc.string(), (text) => assert.equal(foldId(foldId(text)), foldId(text))));
  });
});
