import { type DocumentKey, documentKey } from '../../core/ports/store.ts';
import { formatGroupId, type ParsedResourceId, parseResourceId } from '../../core/resource-id.ts';
import type { Match } from './match.ts';
import { fillTemplate } from './template.ts';

/** Where a matched request acts. */
export interface Place {
  /** The target's id as written, canonical in its fixed words; of a POST action, the resource acted on. */
  readonly resourceId: string;
  /** Where the operation's permission is decided. */
  readonly permissionScope: string;
  readonly subscriptionId?: string;
  readonly resourceGroupName?: string;
  /** The store's key of the resource group. */
  readonly groupKey?: DocumentKey;
  /** Whether the target lies in the resource group, rather than being the group itself. */
  readonly belowGroup: boolean;
}

/** Works out where a match acts. A collection's permission is decided at its parent, an action's at its resource. */
export function placeOf({ route, params }: Match): Place {
  const { operation } = route;
  const path = fillTemplate(operation.path, params);
  const owner = ownerOf(path);
  const scope = operation.permissionScope === undefined ? owner : fillTemplate(operation.permissionScope, params);
  const container = containerOfPath(path);
  const groupName = container.resourceGroupName;
  return {
    resourceId: operation.method === 'POST' ? owner : path,
    permissionScope: scope,
    ...(container.subscriptionId === undefined ? {} : { subscriptionId: container.subscriptionId }),
    ...(groupName === undefined ? {} : { resourceGroupName: groupName, groupKey: groupKeyOf(container) }),
    belowGroup: groupName !== undefined && path.split('/').length > 5,
  };
}

/** The resource that a path is, or that its last word (a collection, an action) hangs from; `/` is the tenant. */
function ownerOf(path: string): string {
  const segments = path.split('/').slice(1);
  const provider = segments.findLastIndex((segment, at) => segment.toLowerCase() === 'providers' && at % 2 === 0);
  if (provider < 0) return join(segments.length % 2 === 0 ? segments : segments.slice(0, -1));
  const below = segments.length - provider - 2;
  if (below > 0 && below % 2 === 0) return path;
  return join(below > 1 ? segments.slice(0, -1) : segments.slice(0, provider));
}

function groupKeyOf({ subscriptionId, resourceGroupName }: ParsedResourceId): DocumentKey {
  return documentKey(formatGroupId(subscriptionId ?? '', resourceGroupName ?? ''));
}

function join(segments: readonly string[]): string {
  return `/${segments.join('/')}`;
}

function containerOfPath(path: string): ParsedResourceId {
  const [, root, subscription, groups, group] = path.split('/');
  if (root !== 'subscriptions' || subscription === undefined) return {};
  const name = groups === 'resourceGroups' ? group : undefined;
  return (
    parseResourceId(join(name === undefined ? [root, subscription] : [root, subscription, groups ?? '', name])) ?? {}
  );
}
