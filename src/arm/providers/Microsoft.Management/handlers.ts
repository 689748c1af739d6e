// What the routes do: loaded with the first request, since most starts see none.

export { listEntities } from './entities.ts';
export { checkNameAvailability } from './name-availability.ts';
export { isToRoot, linkedOfGroup, linkedOfSubscription, mayCreate } from './permissions.ts';
export { getGroup, listDescendants, listGroups, showCreated } from './read-groups.ts';
export { deleteSettings, getSettings, listSettings, mergeSettings, replaceSettings } from './settings.ts';
export { addSubscription, getSubscription, listSubscriptions, removeSubscription } from './subscriptions.ts';
export { deleteGroup, patchGroup, writeGroup } from './write-group.ts';
