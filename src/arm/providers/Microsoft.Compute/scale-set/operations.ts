// What answers for scale sets and their instances: loaded with the first request for one of them.

export { convergeSet } from './converge-set.ts';
export { deleteInstance, deleteInstances, deleteSet, removeSet } from './delete-set.ts';
export { getInstance, getInstanceView, getSet, getSetView, listInstances, listSetSkus, listSets } from './read-set.ts';
export { acceptForInstances, workOnInstances } from './set-actions.ts';
export { patchSet, putSet } from './write-set.ts';
