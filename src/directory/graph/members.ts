import type { JsonObject } from '../../core/json.ts';
import { isRefusal } from '../../core/refusal.ts';
import { type Ask, contextOf, type GraphAnswer, type GraphPorts, type GraphRoute, refuseMissing } from './ask.ts';
import { formatCollection } from './collection.ts';
import { formatObject, formatObjects } from './directory-object.ts';
import { readIds } from './get-by-ids.ts';
import { refuseMember } from './group-members.ts';
import { findGroup } from './groups.ts';
import { readReference, refuseRepeated } from './reference.ts';

const memberCollections = ['groups', 'serviceprincipals', 'directoryobjects'] as const;

/** Who is in a group, and in which groups an object is. */
export const memberRoutes: readonly GraphRoute[] = [
  { method: 'GET', path: '/groups/:id/members', permission: 'readGroups', handle: listMembers },
  { method: 'POST', path: '/groups/:id/members/$ref', permission: 'writeMembers', handle: addMember },
  { method: 'DELETE', path: '/groups/:id/members/:member/$ref', permission: 'writeMembers', handle: removeMember },
  { method: 'GET', path: '/groups/:id/transitivemembers', permission: 'readGroups', handle: listTransitiveMembers },
  ...memberCollections.flatMap((collection): readonly GraphRoute[] => [
    { method: 'GET', path: `/${collection}/:id/memberof`, permission: 'readMemberships', handle: listGroups },
    {
      method: 'GET',
      path: `/${collection}/:id/transitivememberof`,
      permission: 'readMemberships',
      handle: listAllGroups,
    },
    {
      method: 'POST',
      path: `/${collection}/:id/checkmembergroups`,
      permission: 'readMemberships',
      handle: checkGroups,
    },
    { method: 'POST', path: `/${collection}/:id/getmembergroups`, permission: 'readMemberships', handle: getGroups },
    { method: 'POST', path: `/${collection}/:id/getmemberobjects`, permission: 'readMemberships', handle: getGroups },
  ]),
];

function listMembers(ask: Ask, ports: GraphPorts): GraphAnswer {
  const group = findGroup(ask, ports);
  if (isRefusal(group)) return group;
  const members = ports.directory.memberships.membersOf(group.objectId);
  return listObjects(members, ask, ports, `groups/${group.objectId}/members`);
}

function listTransitiveMembers(ask: Ask, ports: GraphPorts): GraphAnswer {
  const group = findGroup(ask, ports);
  if (isRefusal(group)) return group;
  const members = ports.directory.memberships.descendantsOf(group.objectId);
  return listObjects(members, ask, ports, `groups/${group.objectId}/transitiveMembers`);
}

function listGroups(ask: Ask, ports: GraphPorts): GraphAnswer {
  return ofObject(ask, ports, (id) =>
    listObjects(ports.directory.memberships.parentsOf(id), ask, ports, `directoryObjects/${id}/memberOf`),
  );
}

function listAllGroups(ask: Ask, ports: GraphPorts): GraphAnswer {
  return ofObject(ask, ports, (id) =>
    listObjects(ports.directory.memberships.ancestorsOf(id), ask, ports, `directoryObjects/${id}/transitiveMemberOf`),
  );
}

/** A membership that is there already is refused. A ring of groups is allowed, a group in itself too, and has an end. */
async function addMember(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const group = findGroup(ask, ports);
  if (isRefusal(group)) return group;
  const member = readReference(ask.body);
  if (isRefusal(member)) return member;
  const { directory, store } = ports;
  const refused = refuseMember(member, ports);
  if (refused !== undefined) return refused;
  const done = await store.transact([directory.memberships.planAddition(group.objectId, member)]);
  return 'conflict' in done ? refuseRepeated('members') : { status: 204 };
}

async function removeMember(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const group = findGroup(ask, ports);
  if (isRefusal(group)) return group;
  const member = ask.params['member'] ?? '';
  const writes = ports.directory.memberships.planRemoval(group.objectId, member);
  if (writes.length === 0) return refuseMissing(member);
  await ports.store.transact(writes);
  return { status: 204 };
}

/** Which of the asked groups the object is in, itself or through others. */
function checkGroups(ask: Ask, ports: GraphPorts): GraphAnswer {
  const asked = readIds(ask.body['groupIds'], 'groupIds');
  if (isRefusal(asked)) return asked;
  return ofObject(ask, ports, (id) => {
    const groups = ports.directory.memberships.ancestorsOf(id);
    return listTexts(
      asked.filter((group) => groups.includes(group)),
      ask,
    );
  });
}

/** Groups are all that an object can be in: there are no directory roles and administrative units. */
function getGroups(ask: Ask, ports: GraphPorts): GraphAnswer {
  return ofObject(ask, ports, (id) => listTexts(ports.directory.memberships.ancestorsOf(id), ask));
}

function ofObject(ask: Ask, ports: GraphPorts, answer: (objectId: string) => GraphAnswer): GraphAnswer {
  const id = ask.params['id'] ?? '';
  const byAppId = id.startsWith('appid=')
    ? ports.directory.servicePrincipalByAppId(id.slice('appid='.length))
    : undefined;
  const objectId = byAppId?.objectId ?? id;
  return formatObject(objectId, ports) === undefined ? refuseMissing(id) : answer(objectId);
}

function listObjects(ids: readonly string[], ask: Ask, ports: GraphPorts, path: string): GraphAnswer {
  const filterable = ['id', 'displayName'];
  return formatCollection(formatObjects(ids, ports), ask, { collection: 'directoryObjects', filterable, path });
}

function listTexts(value: readonly string[], ask: Ask): GraphAnswer {
  const body: JsonObject = { '@odata.context': contextOf(ask, 'Collection(Edm.String)'), value: [...value] };
  return { status: 200, body };
}
