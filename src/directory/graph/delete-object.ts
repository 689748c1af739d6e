import type { ServicePrincipal } from '../../core/ports/directory.ts';
import type { Document, DocumentKey, Write } from '../../core/ports/store.ts';
import { documentKey } from '../../core/ports/store.ts';
import { type Application, applicationDocument } from '../application.ts';
import { type DeletableKind, planDeletion } from '../deleted-items.ts';
import { federatedCredentialsRoot } from '../federated-credentials.ts';
import { type Group, groupDocument } from '../group.ts';
import { membershipsRoot } from '../memberships.ts';
import { permissionGrantsRoot } from '../permission-grant.ts';
import { principalDocument } from '../principal-document.ts';
import { type GraphAnswer, type GraphPorts, refuseMissing } from './ask.ts';

// Deleting moves an object, and what only makes sense with it, among the deleted items.

/** Deletes an application with its service principal. */
export async function deleteApplication(application: Application, ports: GraphPorts): Promise<GraphAnswer> {
  for (;;) {
    const principal = ports.directory.servicePrincipalByAppId(application.appId);
    const own = await planOne('application', application, applicationDocument(application.objectId), ports);
    if (own === undefined) return refuseMissing(application.objectId);
    const its =
      principal && (await planOne('servicePrincipal', principal, principalDocument(principal.objectId), ports));
    if (await commit([...own, ...(its ?? [])], ports)) return { status: 204 };
  }
}

/** Deletes a service principal; its application stays. */
export function deletePrincipal(principal: ServicePrincipal, ports: GraphPorts): Promise<GraphAnswer> {
  return deleteOne('servicePrincipal', principal, principalDocument(principal.objectId), ports);
}

/** Deletes a group. */
export function deleteGroup(group: Group, ports: GraphPorts): Promise<GraphAnswer> {
  return deleteOne('group', group, groupDocument(group.objectId), ports);
}

interface Named {
  readonly objectId: string;
  readonly displayName: string;
}

async function deleteOne(kind: DeletableKind, item: Named, key: DocumentKey, ports: GraphPorts): Promise<GraphAnswer> {
  for (;;) {
    const plan = await planOne(kind, item, key, ports);
    if (plan === undefined) return refuseMissing(item.objectId);
    if (await commit(plan, ports)) return { status: 204 };
  }
}

/** What was deleted too long ago goes for good on the way. */
async function commit(writes: readonly Write[], { store, directory }: GraphPorts): Promise<boolean> {
  return !('conflict' in (await store.transact([...writes, ...directory.planPurge()])));
}

/** The object's own document, its federated credentials, its delegated permissions, and every membership of it or in it. */
async function planOne(
  kind: DeletableKind,
  { objectId, displayName }: Named,
  key: DocumentKey,
  { store, directory, clock }: GraphPorts,
): Promise<readonly Write[] | undefined> {
  const own = await store.get(key);
  if (own === undefined) return undefined;
  const roots = [federatedCredentialsRoot, membershipsRoot, permissionGrantsRoot];
  const below = await Promise.all(roots.map((root) => store.list(documentKey(`${root}/${objectId}`))));
  const parents = directory.memberships.parentsOf(objectId);
  const inGroups = await Promise.all(
    parents.map((group) => store.get(documentKey(`${membershipsRoot}/${group}/${objectId}`))),
  );
  const others: readonly Document[] = [...below.flat(), ...inGroups.filter((document) => document !== undefined)];
  return planDeletion({ objectId, displayName, kind, deletedAt: clock.now() }, [own, ...others]);
}
