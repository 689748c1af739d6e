// What makes and deletes roles: loaded with the first request that does.

export { deleteRole } from './delete-role.ts';
export { putRole } from './put-role.ts';
