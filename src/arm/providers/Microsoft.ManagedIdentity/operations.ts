// What answers for identities: loaded with the first request for one.

export { listAssociatedResources } from './associated-resources.ts';
export { patchIdentity, putIdentity } from './put-identity.ts';
export { deleteIdentity, getDefaultIdentity, getIdentity, listIdentities } from './read-identity.ts';
