import type { ServicePrincipal } from '../../core/ports/directory.ts';
import type { Write } from '../../core/ports/store.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { parseApplication } from '../application.ts';
import { type DeletedItem, deletedItemDocument, planRestoration } from '../deleted-items.ts';
import { formatPrincipal, parsePrincipal } from '../principal-document.ts';
import { type GraphPorts, refuseRequest } from './ask.ts';

/**
 * Brings a deleted object back: an application with the service principal that it had. Refuses
 * `Request_MultipleObjectsWithSameKeyValue` where another has taken its place or its name, and a service principal without its
 * application.
 * @see https://learn.microsoft.com/entra/identity/enterprise-apps/restore-application
 */
export function restoreItem(item: DeletedItem, ports: GraphPorts): Promise<Refusal | undefined> {
  return ports.directory.inTurn(async () => {
    const writes = planOf(item, ports);
    if (isRefusal(writes)) return writes;
    const done = await ports.store.transact(writes);
    return 'conflict' in done ? refuseTaken(item.objectId) : undefined;
  });
}

/** The writes that remove an object for good; an application's service principal cannot come back without it, and goes too. */
export function planRemoval(item: DeletedItem, ports: GraphPorts): readonly Write[] {
  const others = item.kind === 'application' ? principalsOf(parseApplication(ownOf(item)).appId, ports) : [];
  return [item, ...others].map(({ objectId }) => ({ remove: deletedItemDocument(objectId) }));
}

/** The owners of a deleted object. */
export function ownersOf(item: DeletedItem): readonly string[] {
  const { owners } = ownOf(item);
  return Array.isArray(owners) ? owners.map(String) : [];
}

function planOf(item: DeletedItem, ports: GraphPorts): readonly Write[] | Refusal {
  if (item.kind === 'application') return planApplication(item, ports);
  return item.kind === 'group' ? planRestoration(item) : planPrincipal(item, ports);
}

function planApplication(item: DeletedItem, ports: GraphPorts): readonly Write[] | Refusal {
  const { appId, identifierUris } = parseApplication(ownOf(item));
  const taken = identifierUris.find((uri) => ports.directory.servicePrincipalByName(uri) !== undefined);
  if (taken !== undefined) return refuseTaken(taken);
  const [its] = principalsOf(appId, ports).toSorted((a, b) => b.deletedAt - a.deletedAt);
  return [...planRestoration(item), ...(its === undefined ? [] : planRestoration(its))];
}

/** It answers by the names that its application has now. */
function planPrincipal(item: DeletedItem, { directory }: GraphPorts): readonly Write[] | Refusal {
  const principal: ServicePrincipal = parsePrincipal(ownOf(item));
  const application = directory.applications.byAlias(principal.appId);
  if (application === undefined) {
    return refuseRequest(
      `The service principal '${item.objectId}' cannot be restored without its application '${principal.appId}': restore that.`,
    );
  }
  if (directory.servicePrincipalByAppId(principal.appId) !== undefined) return refuseTaken(principal.appId);
  const { appId, identifierUris, displayName } = application;
  const body = formatPrincipal({ ...principal, displayName, servicePrincipalNames: [appId, ...identifierUris] });
  const [own, ...others] = item.documents;
  return planRestoration({ ...item, documents: [...(own === undefined ? [] : [{ ...own, body }]), ...others] });
}

function principalsOf(appId: string, { directory }: GraphPorts): readonly DeletedItem[] {
  const principals = directory.deletedItems().filter(({ kind }) => kind === 'servicePrincipal');
  return principals.filter((one) => parsePrincipal(ownOf(one)).appId === appId);
}

function ownOf({ documents: [own] }: DeletedItem) {
  if (own === undefined) throw new Error('a deleted object has none of its documents');
  return own.body;
}

function refuseTaken(name: string): Refusal {
  return refuse(
    'Request_MultipleObjectsWithSameKeyValue',
    `The service principal cannot be created, updated, or restored because the service principal name ${name} is already in use.`,
  );
}
