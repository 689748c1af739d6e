import type { ServicePrincipal } from '../core/ports/directory.ts';
import type { Application } from './application.ts';
import { objects } from './stored-fields.ts';

/**
 * The values of the roles of an application that a principal has been given, by the object id of the application's principal.
 * A role that is disabled, or gone, gives nothing.
 */
export function grantedRoles(
  { appRoleGrants = [] }: ServicePrincipal,
  resourceId: string,
  application: Application | undefined,
): readonly string[] {
  const granted = appRoleGrants.filter((grant) => grant.resourceId === resourceId).map(({ appRoleId }) => appRoleId);
  return objects(application?.properties['appRoles'])
    .filter(({ id, isEnabled }) => isEnabled === true && granted.includes(String(id)))
    .map((role) => role['value'])
    .filter((value) => typeof value === 'string');
}
