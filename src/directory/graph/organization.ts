import type { JsonObject } from '../../core/json.ts';
import type { Tenant } from '../../core/ports/directory.ts';

/** The tenant as Graph's organization. @see https://learn.microsoft.com/graph/api/resources/organization */
export function formatOrganization(tenant: Tenant): JsonObject {
  return {
    id: tenant.tenantId,
    deletedDateTime: null,
    displayName: tenant.displayName,
    createdDateTime: new Date(tenant.createdAt).toISOString().replace(/\.\d+/, ''),
    tenantType: 'AAD',
    verifiedDomains: [
      {
        capabilities: 'Email, OfficeCommunicationsOnline',
        isDefault: true,
        isInitial: true,
        name: tenant.defaultDomain,
        type: 'Managed',
      },
    ],
  };
}
