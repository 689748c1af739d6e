// What answers for role assignments: loaded with the first request for one.

export { attributesOfDelete, attributesOfPut } from './attributes.ts';
export { deleteAssignment } from './delete-assignment.ts';
export { putAssignment } from './put-assignment.ts';
export { getAssignment, listAssignments } from './read-assignments.ts';
