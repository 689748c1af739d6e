/** What answers for deployment stacks: loaded with the first request for one. */
export { deleteStack, performDeletion } from './delete-stack.ts';
export { manageDenials } from './manage-denials.ts';
export { performStack } from './perform-stack.ts';
export { putStack } from './put-stack.ts';
export { exportStack, getStack, listStacks } from './read-stack.ts';
export { validateStack } from './validate-stack.ts';
