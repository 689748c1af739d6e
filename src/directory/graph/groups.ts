import type { JsonObject } from '../../core/json.ts';
import type { Write } from '../../core/ports/store.ts';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { formatGroup, type Group, groupDocument, parseGroup } from '../group.ts';
import {
  type Ask,
  entity,
  type GraphAnswer,
  type GraphPorts,
  type GraphRoute,
  refuseMissing,
  refuseRequest,
} from './ask.ts';
import { changeObject, type Form } from './change.ts';
import { formatListing, selectProperties } from './collection.ts';
import { deleteGroup } from './delete-object.ts';
import { planBoundMembers } from './group-members.ts';
import { formatGraphGroup, groupFilters, groupRules } from './group-object.ts';
import { readBoundOwners } from './owner-bindings.ts';
import { readProperties, readText } from './properties.ts';
import { refuseSize } from './size.ts';

/** Security groups: what `az ad group` asks for. @see https://learn.microsoft.com/graph/api/resources/group */
export const groupRoutes: readonly GraphRoute[] = [
  { method: 'GET', path: '/groups', permission: 'readGroups', handle: list },
  { method: 'POST', path: '/groups', permission: 'createGroups', handle: create },
  { method: 'GET', path: '/groups/:id', permission: 'readGroups', handle: show },
  { method: 'PATCH', path: '/groups/:id', permission: 'writeGroups', handle: update },
  { method: 'DELETE', path: '/groups/:id', permission: 'writeGroups', handle: remove },
];

/** How groups are kept. */
export const groupForm: Form<Group> = { key: groupDocument, parse: parseGroup, format: formatGroup };

/** Finds a group by object id. */
export function findGroup({ params }: Ask, { directory }: GraphPorts): Group | Refusal {
  const id = params['id'] ?? '';
  return directory.groups.get(id) ?? refuseMissing(id);
}

function list(ask: Ask, { directory }: GraphPorts): GraphAnswer {
  const listing = { items: directory.groups.all(), facts: formatGraphGroup, show: formatGraphGroup };
  return formatListing(listing, ask, { collection: 'groups', filterable: groupFilters });
}

function show(ask: Ask, ports: GraphPorts): GraphAnswer {
  const found = findGroup(ask, ports);
  if (isRefusal(found)) return found;
  return entity(ask, 'groups', selectProperties(formatGraphGroup(found), ask.query['$select']));
}

async function create(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const { random, clock, store } = ports;
  for (const flag of ['mailEnabled', 'securityEnabled'] as const) {
    if (ask.body[flag] === undefined) {
      return refuseRequest(`A value is required for property '${flag}' of resource 'Group'.`);
    }
  }
  const displayName = readText(ask.body, 'displayName', 'Group', 256);
  if (isRefusal(displayName)) return displayName;
  const mailNickname = readText(ask.body, 'mailNickname', 'Group', 64);
  if (isRefusal(mailNickname)) return mailNickname;
  const owners = readBoundOwners(ask, ports);
  if (isRefusal(owners)) return owners;
  const bare: Group = {
    objectId: random.uuid(),
    displayName,
    mailNickname,
    description: null,
    owners,
    createdAt: clock.now(),
    properties: {},
  };
  const made = changed(bare, ask.body);
  if (isRefusal(made)) return made;
  const members = planBoundMembers(made.objectId, ask, ports);
  if (isRefusal(members)) return members;
  const put = groupDocument(made.objectId);
  await store.transact([{ put, body: formatGroup(made), when: { absent: true } }, ...members]);
  return entity(ask, 'groups', formatGraphGroup(made), 201);
}

async function update(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findGroup(ask, ports);
  if (isRefusal(found)) return found;
  if ('owners@odata.bind' in ask.body)
    return refuseRequest("'owners@odata.bind' can be given only when it is created.");
  const members = planBoundMembers(found.objectId, ask, ports);
  if (isRefusal(members)) return members;
  const change = (group: Group) => changed(group, ask.body);
  const done = await changeObject(ports.store, groupForm, found.objectId, change, () => members.map(unconditional));
  return isRefusal(done) ? done : { status: 204 };
}

/** A member who was added meanwhile is a member all the same. */
function unconditional(write: Write): Write {
  return 'put' in write ? { put: write.put, body: write.body } : write;
}

async function remove(ask: Ask, ports: GraphPorts): Promise<GraphAnswer> {
  const found = findGroup(ask, ports);
  return isRefusal(found) ? found : deleteGroup(found, ports);
}

function changed(group: Group, body: JsonObject): Group | Refusal {
  const properties = readProperties(body, groupRules);
  if (isRefusal(properties)) return properties;
  const kind = refuseKind(body);
  if (kind !== undefined) return kind;
  const displayName = 'displayName' in body ? readText(body, 'displayName', 'Group', 256) : group.displayName;
  if (isRefusal(displayName)) return displayName;
  const mailNickname = 'mailNickname' in body ? readText(body, 'mailNickname', 'Group', 64) : group.mailNickname;
  if (isRefusal(mailNickname)) return mailNickname;
  if (/[@()\\[\]";:<>, ]/.test(mailNickname)) {
    return refuseRequest("Invalid value specified for property 'mailNickname' of resource 'Group'.");
  }
  const { description = group.description } = body;
  if (description !== null && (typeof description !== 'string' || description.length > 1024)) {
    return refuseRequest("Invalid value specified for property 'description' of resource 'Group'.");
  }
  const whole = {
    ...group,
    displayName,
    mailNickname,
    description,
    properties: { ...group.properties, ...properties },
  };
  return refuseSize(whole) ?? whole;
}

/** Security groups with assigned members are the one kind that there is: the others have mailboxes or rules. */
function refuseKind({ mailEnabled = false, securityEnabled = true, groupTypes = [] }: JsonObject): Refusal | undefined {
  if (mailEnabled !== false)
    return refuseRequest("'mailEnabled' must be false: this directory has security groups only.");
  if (securityEnabled !== true) {
    return refuseRequest("'securityEnabled' must be true: this directory has security groups only.");
  }
  return Array.isArray(groupTypes) && groupTypes.length === 0
    ? undefined
    : refuseRequest("'groupTypes' must be empty: members of this directory's groups are assigned one by one.");
}
