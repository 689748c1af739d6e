import type { Directory } from '../../../core/ports/directory.ts';
import type { Operation } from '../../provider-contract.ts';

/** The tenants that the caller is of: the one there is. */
export function tenantOperations(directory: Directory): readonly Operation[] {
  return [
    {
      method: 'GET',
      path: '/tenants',
      handle: async () => {
        const { tenantId, displayName, defaultDomain } = directory.tenant;
        const tenant = {
          id: `/tenants/${tenantId}`,
          tenantId,
          countryCode: 'US',
          displayName,
          domains: [defaultDomain],
          tenantCategory: 'Home',
          defaultDomain,
          tenantType: 'AAD',
        };
        return { status: 200, body: { value: [tenant] } };
      },
    },
  ];
}
