import type { JsonObject } from '../../core/json.ts';
import { applicationType, formatGraphApplication } from './application-object.ts';
import type { GraphPorts } from './ask.ts';
import { formatGraphGroup, groupType } from './group-object.ts';
import { servicePrincipalType, showPrincipal } from './service-principal.ts';

/** Any object of the directory with its `@odata.type`; undefined when there is none of this id. */
export function formatObject(objectId: string, { directory }: Pick<GraphPorts, 'directory'>): JsonObject | undefined {
  const principal = directory.servicePrincipal(objectId);
  if (principal !== undefined) {
    return { '@odata.type': servicePrincipalType, ...showPrincipal(principal, directory) };
  }
  const group = directory.groups.get(objectId);
  if (group !== undefined) return { '@odata.type': groupType, ...formatGraphGroup(group) };
  const application = directory.applications.get(objectId);
  if (application === undefined) return undefined;
  return { '@odata.type': applicationType, ...formatGraphApplication(application, directory.tenant.defaultDomain) };
}

/** The objects of these ids that there are. */
export function formatObjects(ids: readonly string[], ports: Pick<GraphPorts, 'directory'>): readonly JsonObject[] {
  return ids.map((id) => formatObject(id, ports)).filter((object) => object !== undefined);
}
