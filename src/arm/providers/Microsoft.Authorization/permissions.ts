import type { ProviderContext, ResourceType } from '../../provider-contract.ts';

/** permissions: what the caller itself may do at a scope, one entry per role that it has there; anybody may ask. */
export function permissions({ authorizer }: ProviderContext): ResourceType {
  return {
    type: 'permissions',
    apiVersions: ['2022-05-01-preview', '2022-04-01', '2018-07-01', '2018-01-01-preview', '2015-07-01'],
    regional: false,
    operations: [
      {
        method: 'GET',
        path: '/{scope}/providers/Microsoft.Authorization/permissions',
        handle: async ({ caller, params, facts }) => {
          const held = authorizer.permissionsAt(caller.objectId, params['scope'] ?? '/', facts);
          return { status: 200, body: { value: held.map((permission) => ({ ...permission })) } };
        },
      },
    ],
  };
}
