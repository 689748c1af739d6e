import type { JsonObject } from '../../core/json.ts';
import {
  formatManagementGroupId,
  managementGroupOf,
  managementGroupsRoot,
  managementGroupType,
  parseManagementGroup,
  subscriptionEntries,
} from '../../core/management/management-group.ts';
import type { ScopeHierarchy } from '../../core/ports/scope-hierarchy.ts';
import type { Change, DocumentKey, Store } from '../../core/ports/store.ts';

/** The hierarchy, following the store until it is closed. */
export interface OpenScopeHierarchy extends ScopeHierarchy {
  close(): void;
}

const tenant: readonly string[] = ['/'];
const subscriptionRoot = '/subscriptions/';

/** Reads the management groups and the subscriptions' places among them, and follows every change from then on. */
export async function openScopeHierarchy(store: Store, tenantId: string): Promise<OpenScopeHierarchy> {
  const index = new HierarchyIndex(tenantId);
  const waiting: Change[] = [];
  let take = (changes: readonly Change[]): void => void waiting.push(...changes);
  const close = store.watch((changes) => take(changes));
  const groups = await store.list(managementGroupsRoot, { type: managementGroupType });
  for (const { key, body } of [...groups, ...(await store.list(subscriptionEntries))]) index.apply(key, body);
  take = (changes) => {
    for (const { key, after } of changes) index.apply(key, after?.body);
  };
  take(waiting);
  return {
    root: formatManagementGroupId(tenantId),
    ancestorsOf: (scope) => index.ancestorsOf(scope),
    subscriptionsBelow: (scope) => index.subscriptionsBelow(scope),
    close,
  };
}

/** The tree as two maps; the lines of ancestors are worked out when asked for, and anew after each change. */
class HierarchyIndex {
  readonly #rootName: string;
  /** Folded name of a management group to its own id and its parent's folded name. */
  readonly #groups = new Map<string, { readonly id: string; readonly parent: string | undefined }>();
  /** Folded subscription id to the folded name of its management group. */
  readonly #subscriptions = new Map<string, string>();
  readonly #lines = new Map<string, readonly string[]>();

  constructor(tenantId: string) {
    this.#rootName = tenantId.toLowerCase();
  }

  apply(key: DocumentKey, body: JsonObject | undefined): void {
    const group = ownName(key, `${managementGroupsRoot}/`);
    const subscription = ownName(key, `${subscriptionEntries}/`);
    if (group !== undefined) this.#place(group, body);
    if (subscription !== undefined) this.#placeSubscription(subscription, body);
  }

  ancestorsOf(scope: string): readonly string[] {
    const subscription = subscriptionOf(scope);
    if (subscription !== undefined) {
      return this.#line(this.#subscriptions.get(subscription) ?? this.#rootName);
    }
    const group = managementGroupOf(scope.toLowerCase());
    if (group !== undefined) return this.#line(this.#parentOf(group));
    return scope === '/' || scope === '' ? [] : tenant;
  }

  subscriptionsBelow(scope: string): readonly string[] {
    const group = managementGroupOf(scope.toLowerCase());
    if (group === undefined) return [];
    const id = this.#idOf(group);
    return [...this.#subscriptions].filter(([, parent]) => this.#line(parent).includes(id)).map(([own]) => own);
  }

  #place(name: string, body: JsonObject | undefined): void {
    if (body === undefined) this.#groups.delete(name);
    else this.#groups.set(name, { id: String(body['id']), parent: parseManagementGroup(body).parent?.toLowerCase() });
    this.#lines.clear();
  }

  #placeSubscription(id: string, body: JsonObject | undefined): void {
    const group = body?.['managementGroup'];
    if (body === undefined) this.#subscriptions.delete(id);
    else this.#subscriptions.set(id, typeof group === 'string' ? group.toLowerCase() : this.#rootName);
  }

  #parentOf(group: string): string | undefined {
    return group === this.#rootName ? undefined : (this.#groups.get(group)?.parent ?? this.#rootName);
  }

  #idOf(group: string): string {
    return this.#groups.get(group)?.id ?? formatManagementGroupId(group);
  }

  /** The group of this name and what lies above it. INVARIANT: no write makes a cycle. */
  #line(group: string | undefined): readonly string[] {
    if (group === undefined) return tenant;
    const known = this.#lines.get(group);
    if (known !== undefined) return known;
    const line = [this.#idOf(group), ...this.#line(this.#parentOf(group))];
    this.#lines.set(group, line);
    return line;
  }
}

/** The last segment of a key directly below a prefix. */
function ownName(key: DocumentKey, prefix: string): string | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const name = key.slice(prefix.length);
  return name.includes('/') ? undefined : name;
}

function subscriptionOf(scope: string): string | undefined {
  if (scope.slice(0, subscriptionRoot.length).toLowerCase() !== subscriptionRoot) return undefined;
  const end = scope.indexOf('/', subscriptionRoot.length);
  return scope.slice(subscriptionRoot.length, end < 0 ? undefined : end).toLowerCase();
}
