// What the routes do: loaded with the first request, since most starts see none.

export { deleteAlias, getAlias, listAliases, putAlias } from './aliases.ts';
export { createSubscription } from './create-subscription.ts';
export { cancelSubscription, enableSubscription, renameSubscription } from './lifecycle.ts';
export { linkedOfAlias, mayMake, mayUse } from './permissions.ts';
