// What answers for role definitions: loaded with the first request for one.

export { deleteRole } from './delete-role.ts';
export { putRole } from './put-role.ts';
export { getRole, listRoleDefinitions } from './read-roles.ts';
