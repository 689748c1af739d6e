/**
 * The directory: the tenant and its service principals, applications' and managed identities'.
 * Reads are answered from memory, which the store's change feed keeps current; writes go through the store alone.
 */
import { isJsonObject } from '../core/json.ts';
import { Lanes } from '../core/lanes.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory, ServicePrincipal } from '../core/ports/directory.ts';
import type { Random } from '../core/ports/random.ts';
import type { Store, Write } from '../core/ports/store.ts';
import {
  type Application,
  applicationDocument,
  applicationsRoot,
  formatApplication,
  parseApplication,
} from './application.ts';
import {
  type DeletedItem,
  deletedItemDocument,
  deletedItemsRoot,
  isRestorable,
  parseDeletedItem,
} from './deleted-items.ts';
import { openFederatedCredentials } from './federated-credentials.ts';
import { grantedRoles } from './granted-roles.ts';
import { type Group, groupsRoot, parseGroup } from './group.ts';
import { type Memberships, openMemberships } from './memberships.ts';
import { makeMissingApplications } from './missing-applications.ts';
import { type ObjectIndex, openObjectIndex } from './object-index.ts';
import { formatPrincipal, principalDocument } from './principal-document.ts';
import { openPrincipalIndex } from './principal-index.ts';
import {
  type ApplicationRequest,
  addSecret,
  applicationOf,
  grantAppRole,
  makeApplication,
  makeManagedIdentity,
  type NewSecret,
  relocated,
} from './principals.ts';
import { openTenant } from './tenant.ts';
import { trustedSubjectsOf } from './trusted-subjects.ts';
import { updatePrincipal } from './update-principal.ts';

/** What the directory needs. */
export interface DirectoryPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
}

/** The directory as its owner sees it: all of it, and what changes it. Each change is durable when it resolves. */
export interface DirectoryAdmin {
  /** Their second name is the app id. */
  readonly applications: ObjectIndex<Application>;
  readonly groups: ObjectIndex<Group>;
  readonly memberships: Memberships;
  /** What was deleted and can still be restored. */
  deletedItems(): readonly DeletedItem[];
  /** The writes that remove for good what was deleted too long ago. */
  planPurge(): readonly Write[];
  /** Runs work after all that was given before it: what must be unique is looked up and written in one turn. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Every service principal, by display name. */
  servicePrincipals(): readonly ServicePrincipal[];
  /** A new application's service principal with a secret, which is answered here and nowhere else. */
  createApplicationPrincipal(
    request: ApplicationRequest,
  ): Promise<{ readonly principal: ServicePrincipal; readonly secret: string }>;
  /** One more secret for an application; those it has stay. Undefined when there is no such principal. */
  addSecret(objectId: string): Promise<NewSecret | undefined>;
  /** Gives a principal an application permission on Microsoft Graph. Undefined when there is no such principal. */
  grantAppRole(objectId: string, appRole: string): Promise<ServicePrincipal | undefined>;
}

/** Opens the directory, making its tenant on the first start. */
export async function openDirectory(ports: DirectoryPorts): Promise<Directory & DirectoryAdmin> {
  const tenant = await openTenant(ports);
  const index = await openPrincipalIndex(ports.store);
  const { planAllRemoval, ...federated } = await openFederatedCredentials(ports.store);
  const applications = await openObjectIndex(ports.store, {
    root: applicationsRoot,
    parse: parseApplication,
    aliasOf: ({ appId }) => appId,
  });
  const groups = await openObjectIndex(ports.store, { root: groupsRoot, parse: parseGroup });
  const deleted = await openObjectIndex(ports.store, { root: deletedItemsRoot, parse: parseDeletedItem });
  const memberships = await openMemberships(ports.store);
  await makeMissingApplications(ports.store, index.all(), applications);
  const isExpired = (item: DeletedItem) => !isRestorable(item, ports.clock.now());
  const planPurge = () => deleted.all().filter(isExpired).map(planForgetting);
  const expired = planPurge();
  if (expired.length > 0) await ports.store.transact(expired);
  const lanes = new Lanes();
  return {
    ...federated,
    tenant,
    applications,
    groups,
    memberships,
    deletedItems: () => deleted.all().filter((item) => !isExpired(item)),
    planPurge,
    inTurn: (work) => lanes.run('', work),
    servicePrincipal: index.byObjectId,
    servicePrincipalByAppId: index.byAppId,
    servicePrincipalByName: index.byName,
    servicePrincipals: index.all,
    appRolesOn: (principal, resourceId) => {
      const resource = index.byObjectId(resourceId);
      return grantedRoles(principal, resourceId, resource && applications.byAlias(resource.appId));
    },
    accessTokenVersionOf: ({ appId }) => {
      const api = applications.byAlias(appId)?.properties['api'];
      return isJsonObject(api) && api['requestedAccessTokenVersion'] === 2 ? 2 : 1;
    },
    credentialsOf: (appId) => {
      const application = applications.byAlias(appId);
      const holders = [index.byAppId(appId), application].filter((holder) => holder !== undefined);
      return {
        passwordCredentials: holders.flatMap((holder) => holder.passwordCredentials),
        keyCredentials: holders.flatMap((holder) => holder.keyCredentials ?? []),
        federatedCredentials: holders.flatMap(({ objectId }) => federated.federatedCredentialsOf(objectId)),
        trustedCertificateSubjects: trustedSubjectsOf(application),
      };
    },
    principalType: (objectId) => {
      if (index.byObjectId(objectId) !== undefined) return 'ServicePrincipal';
      return groups.get(objectId) === undefined ? undefined : 'Group';
    },
    groupsOf: memberships.ancestorsOf,
    planManagedIdentity: (request) => {
      const principal = makeManagedIdentity(request, ports);
      return { principal, writes: [createWrite(principal)] };
    },
    planRelocation: (objectId, resourceId) => {
      const principal = index.byObjectId(objectId);
      if (principal === undefined) return [];
      const moved = relocated(principal, resourceId);
      return [{ put: principalDocument(objectId), body: formatPrincipal(moved), when: { exists: true } }];
    },
    planDeletion: (objectId) =>
      index.byObjectId(objectId) === undefined
        ? []
        : [{ remove: principalDocument(objectId) }, planAllRemoval(objectId), ...memberships.planAllRemoval(objectId)],
    createApplicationPrincipal: async (request) => {
      const { principal, secret } = makeApplication(request, ports);
      const application = applicationOf(principal, ports.random.uuid());
      const put = applicationDocument(application.objectId);
      const body = formatApplication(application);
      await ports.store.transact([createWrite(principal), { put, body, when: { absent: true } }]);
      return { principal, secret };
    },
    addSecret: async (objectId) => {
      const added = addSecret(ports);
      const principal = await updatePrincipal(ports.store, objectId, added.change);
      return principal === undefined ? undefined : { principal, secret: added.secret };
    },
    grantAppRole: (objectId, appRole) => updatePrincipal(ports.store, objectId, grantAppRole(appRole)),
  };
}

function createWrite(principal: ServicePrincipal) {
  const when = { absent: true } as const;
  return { put: principalDocument(principal.objectId), body: formatPrincipal(principal), when };
}

function planForgetting({ objectId }: DeletedItem): Write {
  return { remove: deletedItemDocument(objectId) };
}
