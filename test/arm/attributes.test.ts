import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Provider } from '../../src/arm/provider-contract.ts';
import type { Authorizer } from '../../src/core/ports/authorizer.ts';
import type { AccessFacts } from '../../src/core/rbac/access-facts.ts';
import { conditionLanguage } from '../../src/core/rbac/condition/language.ts';
import { openDoor, subscription } from './kit/door.ts';
import { application, startMillis, tokenOf } from './kit/ports.ts';

const thing = `${subscription}/providers/Contoso.Plain/things/a`;
const actor = { userName: 'alice', uid: 1000, machineResourceId: `${subscription}/resourceGroups/rg/vm` };

const plain: Provider = {
  namespace: 'Contoso.Plain',
  resourceTypes: [
    {
      type: 'things',
      apiVersions: ['2024-01-01'],
      regional: false,
      operations: [
        {
          method: 'GET',
          path: '/subscriptions/{subscriptionId}/providers/Contoso.Plain/things/{thingName}',
          permission: 'Contoso.Plain/things/read',
          attributes: async ({ params }) => ({ resource: { name: params['thingName'] ?? '' } }),
          handle: async ({ facts }) => ({ status: 200, body: { seen: facts.actor?.userName ?? null } }),
        },
      ],
    },
  ],
};

/** A door whose authorizer is `decide`. */
async function within(
  decide: Authorizer['decide'],
  work: (door: Awaited<ReturnType<typeof openDoor>>) => Promise<void>,
) {
  const door = await openDoor((context) => {
    Object.assign(context.authorizer, { decide });
    return [plain];
  });
  door.principals.set('owner', application('owner'));
  door.tokens.set('owner', { ...tokenOf('owner'), actor });
  try {
    await work(door);
  } finally {
    await door.close();
  }
}

describe('what a permission is decided by', () => {
  it("is the time, the token's user and machine, and the attributes that the operation reads", async () => {
    const asked: (AccessFacts | undefined)[] = [];
    const decide: Authorizer['decide'] = ({ facts }) => {
      asked.push(facts);
      return { allowed: true, because: { kind: 'noAssignments' } };
    };
    await within(decide, async ({ ask }) => {
      const { json } = await ask('GET', `${thing}?api-version=2024-01-01`);
      assert.deepEqual(json, { seen: 'alice' });
    });
    const { machineResourceId } = actor;
    assert.deepEqual(asked, [{ now: startMillis, actor, machineResourceId, resource: { name: 'a' } }]);
  });
});

describe('a first condition', () => {
  it('does not refuse a request because its language was not loaded yet', async () => {
    let asked = 0;
    const decide: Authorizer['decide'] = () => {
      asked += 1;
      return { allowed: conditionLanguage() !== undefined, because: { kind: 'noAssignments' } };
    };
    await within(decide, async ({ ask }) => {
      const { status } = await ask('GET', `${thing}?api-version=2024-01-01`);
      assert.deepEqual([status, asked], [200, 2]);
    });
  });
});
