/** A resource id or scope as ARM writes it: `/subscriptions/…`, with the letter case that was written; `/` is the tenant. */
export type ResourceId = string & { readonly __brand: 'ResourceId' };

/** One `type/name` step of a resource id below its provider namespace. */
export interface ResourceStep {
  readonly type: string;
  readonly name: string;
}

/** A resource id, taken apart. */
export interface ParsedResourceId {
  readonly subscriptionId?: string;
  readonly resourceGroupName?: string;
  /** The last `/providers/{namespace}` part; undefined for a tenant, subscription or resource group. */
  readonly provider?: {
    readonly namespace: string;
    readonly steps: readonly ResourceStep[];
    /** What the provider part hangs from: the parent scope of an extension resource, else the group, subscription or tenant. */
    readonly scope: string;
  };
}

/** Lower case, single slashes, no trailing slash: equal for ids that mean the same. The tenant scope folds to ``. */
export function foldId(id: string): string {
  const single = id.includes('//') ? id.replace(/\/{2,}/g, '/') : id;
  return (single.endsWith('/') ? single.slice(0, -1) : single).toLowerCase();
}

/** Whether two ids mean the same resource. */
export function sameId(a: string, b: string): boolean {
  return foldId(a) === foldId(b);
}

/** Whether `id` is `scope` or lies below it, by whole segments: `/rg1` never covers `/rg10`. */
export function isAtOrBelow(id: string, scope: string): boolean {
  const folded = foldId(id);
  const above = foldId(scope);
  return folded === above || folded.startsWith(`${above}/`);
}

/** Takes an id apart; undefined when it is not one (odd segments, empty or dot names, an unknown root). */
export function parseResourceId(id: string): ParsedResourceId | undefined {
  if (!id.startsWith('/')) return undefined;
  const segments = id
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
    .split('/')
    .slice(1);
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return id.replace(/\//g, '') === '' ? {} : undefined;
  }
  return parseSegments(segments);
}

function parseSegments(segments: readonly string[]): ParsedResourceId | undefined {
  const lastProviders = segments.findLastIndex((segment, at) => isProviders(segment) && at % 2 === 0);
  if (lastProviders < 0) return parseContainer(segments);
  const above = segments.slice(0, lastProviders);
  const container = parseContainer(above.slice(0, firstProviders(above)));
  const [namespace, ...rest] = segments.slice(lastProviders + 1);
  if (container === undefined || namespace === undefined || rest.length % 2 !== 0 || rest.length === 0)
    return undefined;
  const steps: ResourceStep[] = [];
  for (let at = 0; at < rest.length; at += 2) {
    steps.push({ type: rest[at] as string, name: rest[at + 1] as string });
  }
  return { ...container, provider: { namespace, steps, scope: `/${above.join('/')}` } };
}

function firstProviders(segments: readonly string[]): number {
  const at = segments.findIndex(isProviders);
  return at < 0 ? segments.length : at;
}

function isProviders(segment: string): boolean {
  return segment.toLowerCase() === 'providers';
}

function parseContainer(segments: readonly string[]): ParsedResourceId | undefined {
  if (segments.length === 0) return {};
  const [root, subscriptionId, groups, resourceGroupName] = segments;
  if (root?.toLowerCase() !== 'subscriptions' || subscriptionId === undefined) return undefined;
  if (segments.length === 2) return { subscriptionId };
  if (groups?.toLowerCase() !== 'resourcegroups' || resourceGroupName === undefined || segments.length !== 4) {
    return undefined;
  }
  return { subscriptionId, resourceGroupName };
}

/** `Microsoft.Compute/virtualMachines/extensions`: the full type of a provider's resource. */
export function formatType(provider: NonNullable<ParsedResourceId['provider']>): string {
  return [provider.namespace, ...provider.steps.map((step) => step.type)].join('/');
}

/** The id's own name: its last segment. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

const fixedWords: Readonly<Record<string, string>> = {
  subscriptions: 'subscriptions',
  resourcegroups: 'resourceGroups',
  providers: 'providers',
};

/**
 * The id with ARM's fixed words (`subscriptions`, `resourceGroups`, `providers`) in their canonical spelling and single
 * slashes; names, namespaces and types stay as written. The tenant is `/`.
 */
export function canonicalId(id: string): string {
  const segments = id.split('/').filter((segment) => segment !== '');
  const firstProvider = firstProviders(segments);
  return `/${segments.map((segment, at) => canonicalSegment(segment, at, firstProvider)).join('/')}`;
}

function canonicalSegment(segment: string, at: number, firstProvider: number): string {
  const word = fixedWords[segment.toLowerCase()];
  if (word === undefined || at % 2 !== 0) return segment;
  return at < firstProvider || word === 'providers' ? word : segment;
}

/** `/subscriptions/{id}`. */
export function formatSubscriptionId(subscriptionId: string): ResourceId {
  return `/subscriptions/${subscriptionId}` as ResourceId;
}

/** `/subscriptions/{id}/resourceGroups/{name}`. */
export function formatGroupId(subscriptionId: string, resourceGroupName: string): ResourceId {
  return `${formatSubscriptionId(subscriptionId)}/resourceGroups/${resourceGroupName}` as ResourceId;
}

/** The subscription or resource group that an id lies in or is; `/` when it lies in neither. */
export function containerOf(id: ParsedResourceId): string {
  if (id.subscriptionId === undefined) return '/';
  if (id.resourceGroupName === undefined) return formatSubscriptionId(id.subscriptionId);
  return formatGroupId(id.subscriptionId, id.resourceGroupName);
}
