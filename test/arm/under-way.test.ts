import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Provider, ProviderContext } from '../../src/arm/provider-contract.ts';
import { documentKey } from '../../src/core/ports/store.ts';
import { openDoor, subscription } from './kit/door.ts';

const group = `${subscription}/resourceGroups/rg1`;
const thing = `${group}/providers/Contoso.Slow/things/a`;

/** A provider whose PUT has been let in, and writes only when it is told to. */
function slowThings({ store }: ProviderContext) {
  const { promise: letIn, resolve: entered } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const path =
    '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Contoso.Slow/things/{thingName}';
  const provider: Provider = {
    namespace: 'Contoso.Slow',
    resourceTypes: [
      {
        type: 'things',
        apiVersions: ['2024-01-01'],
        regional: true,
        operations: [
          {
            method: 'PUT',
            path,
            permission: 'Contoso.Slow/things/write',
            handle: async ({ resourceId }) => {
              entered();
              await released;
              await store.transact([{ put: documentKey(resourceId), body: { id: resourceId } }]);
              return { status: 201, body: { id: resourceId } };
            },
          },
        ],
      },
    ],
  };
  return { provider, letIn, release };
}

describe('the deletion of a group', () => {
  it('leaves nothing of a write that was let in before it and commits after it began', async () => {
    const slow: { current?: ReturnType<typeof slowThings> } = {};
    const door = await openDoor((context) => {
      slow.current = slowThings(context);
      return [slow.current.provider];
    });
    await door.ask('PUT', `${group}?api-version=2021-04-01`, { body: { location: 'westeurope' } });
    const writing = door.ask('PUT', `${thing}?api-version=2024-01-01`, { body: {} });
    await slow.current?.letIn;
    assert.equal((await door.ask('DELETE', `${group}?api-version=2021-04-01`)).status, 202);
    const late = await door.ask('PUT', `${thing}?api-version=2024-01-01`, { body: {} });
    assert.equal(late.status, 409, 'a write that comes later is refused');
    slow.current?.release();
    assert.equal((await writing).status, 201);
    await door.app.idle();
    assert.equal(await door.store.get(documentKey(group)), undefined);
    assert.deepEqual(await door.store.list(documentKey(group)), []);
    await door.close();
  });
});
