import { type Refusal, refuse } from '../../../core/refusal.ts';
import type { Entity } from './entity.ts';

/** Whether an entity is among those that were asked for. */
export type EntityQuery = (entity: Entity) => boolean;

const views: Readonly<Record<string, EntityQuery>> = {
  fullhierarchy: () => true,
  audit: () => true,
  groupsonly: ({ item }) => !('subscriptionId' in item),
  subscriptionsonly: ({ item }) => 'subscriptionId' in item,
};

/** By what `$search` calls them; `group` is the folded `groupName`. */
const searches: Readonly<Record<string, (entity: Entity, group: string) => boolean>> = {
  allowedparents: ({ item, access }, group) =>
    !('subscriptionId' in item) && access !== 'noaccess' && access !== 'view' && item.name.toLowerCase() !== group,
  allowedchildren: ({ access }) => access === 'edit' || access === 'delete',
  parentandfirstlevelchildren: (entity, group) => isGroup(entity, group) || isChild(entity, group),
  parentonly: isGroup,
  childrenonly: isChild,
};

/**
 * Reads `$view`, `$search` with `groupName`, and `$filter` (`name eq 'group'`) of a list of entities. Refuses `BadRequest` and
 * `InvalidFilterInQueryString`.
 */
export function parseEntityQuery(query: ReadonlyMap<string, string>): EntityQuery | Refusal {
  const view = views[(query.get('$view') ?? 'FullHierarchy').toLowerCase()];
  if (view === undefined) return refuse('BadRequest', `The $view '${query.get('$view')}' is not valid.`);
  const asked = query.get('$search');
  const search = asked === undefined ? () => true : searches[asked.toLowerCase()];
  if (search === undefined) return refuse('BadRequest', `The $search '${asked}' is not valid.`);
  const filter = query.get('$filter')?.trim() ?? '';
  const name = /^name\s+eq\s+'([^']*)'$/i.exec(filter)?.[1]?.toLowerCase();
  if (filter !== '' && name === undefined) {
    return refuse('InvalidFilterInQueryString', `The filter '${filter}' is not supported.`);
  }
  const group = query.get('groupname')?.toLowerCase() ?? '';
  return (entity) =>
    view(entity) && search(entity, group) && (name === undefined || entity.name.toLowerCase() === name);
}

function isGroup({ name }: Entity, group: string): boolean {
  return name.toLowerCase() === group;
}

function isChild({ above }: Entity, group: string): boolean {
  return above[0]?.name.toLowerCase() === group;
}
