import type { Write } from '../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { type Ask, type GraphPorts, refuseMissing, refuseRequest } from './ask.ts';
import { readBindings } from './bindings.ts';
import { refuseRepeated } from './reference.ts';

/** Whether an object can be a member of a group: service principals, managed identities' too, and groups can. */
export function refuseMember(objectId: string, { directory }: GraphPorts): Refusal | undefined {
  if (directory.servicePrincipal(objectId) !== undefined || directory.groups.get(objectId) !== undefined)
    return undefined;
  return directory.applications.get(objectId) === undefined
    ? refuseMissing(objectId)
    : refuseRequest(`An application is no member of groups: add its service principal in place of '${objectId}'.`);
}

/** The writes that add the members which a request binds. Refuses what can be none, and who is one already. */
export function planBoundMembers(groupId: string, { body }: Ask, ports: GraphPorts): readonly Write[] | Refusal {
  const { memberships } = ports.directory;
  const bound = readBindings(body, 'members');
  if (isRefusal(bound)) return bound;
  for (const member of bound) {
    const refused = refuseMember(member, ports);
    if (refused !== undefined) return refused;
  }
  const existing = memberships.membersOf(groupId);
  if (bound.some((member) => existing.includes(member))) return refuseRepeated('members');
  return bound.map((member) => memberships.planAddition(groupId, member));
}
