import type { MachineClient } from './machine-client.ts';

/** A role that may be activated, and where. */
export interface Eligible {
  readonly roleName: string;
  /** The GUID. */
  readonly roleId: string;
  readonly scope: string;
}

/** What the machine's identity may activate, at every scope. */
export async function listEligible(client: MachineClient): Promise<readonly Eligible[] | { readonly failed: string }> {
  const path = '/providers/Microsoft.Authorization/roleEligibilityScheduleInstances?$filter=asTarget()';
  const { body } = await client.ask('GET', path);
  if (body.error !== undefined) return { failed: body.error.message };
  return (body['value'] as readonly EligibleInstance[]).map(({ properties }) => ({
    roleName: properties.expandedProperties.roleDefinition.displayName ?? '',
    roleId: properties.roleDefinitionId.split('/').at(-1) ?? '',
    scope: properties.scope,
  }));
}

interface EligibleInstance {
  readonly properties: {
    readonly scope: string;
    readonly roleDefinitionId: string;
    readonly expandedProperties: { readonly roleDefinition: { readonly displayName?: string } };
  };
}

/** The role that is meant, by name or GUID, and the scope: where none is given, the only one at which the role is eligible. */
export function chooseEligible(
  all: readonly Eligible[],
  role: string,
  scope: string | undefined,
): Eligible | { readonly failed: string } {
  const isMeant = ({ roleName, roleId }: Eligible) =>
    [roleName, roleId].some((one) => one.toLowerCase() === role.toLowerCase());
  const meant = all.filter(isMeant);
  const [first, ...others] = meant;
  if (first === undefined) {
    const known = all.map((one) => `'${one.roleName}' at ${one.scope}`).join(', ');
    return {
      failed: `this machine's identity is not eligible for '${role}'; it is eligible for ${known || 'nothing'}.`,
    };
  }
  if (scope !== undefined) return { ...first, scope };
  if (others.length === 0) return first;
  return {
    failed: `'${role}' is eligible at several scopes; name one with --scope: ${meant.map((one) => one.scope).join(', ')}`,
  };
}
