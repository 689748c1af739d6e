import type { ResourceType } from '../../provider-contract.ts';

/** classicAdministrators: there are none any more, here as in Azure, which retired them in 2024. */
export const classicAdministrators: ResourceType = {
  type: 'classicAdministrators',
  apiVersions: ['2015-07-01', '2015-06-01'],
  regional: false,
  operations: [
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/classicAdministrators',
      permission: 'Microsoft.Authorization/classicAdministrators/read',
      handle: async () => ({ status: 200, body: { value: [] } }),
    },
  ],
};
