import type { ManagementGroup } from './management-group.ts';

/** A subscription and where it lies among the management groups. */
export interface PlacedSubscription {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly state: string;
  /** The name of the management group that it lies in. */
  readonly managementGroup: string;
}

/** How many levels of management groups there may be below the root. @see the limits of management groups */
export const deepestLevel = 6;

/** The management groups and subscriptions of a tenant, as they were when they were read. Names in any letter case. */
export class ManagementTree {
  readonly root: ManagementGroup;
  readonly #groups: ReadonlyMap<string, ManagementGroup>;
  readonly #children = new Map<string, ManagementGroup[]>();
  readonly #subscriptions = new Map<string, PlacedSubscription[]>();

  constructor(root: ManagementGroup, groups: readonly ManagementGroup[], subscriptions: readonly PlacedSubscription[]) {
    const all = groups.some(({ name }) => fold(name) === fold(root.name)) ? groups : [root, ...groups];
    this.#groups = new Map(all.map((group) => [fold(group.name), group]));
    this.root = this.group(root.name) ?? root;
    for (const group of all) if (group.parent !== undefined) add(this.#children, fold(group.parent), group);
    for (const subscription of subscriptions) {
      add(this.#subscriptions, fold(subscription.managementGroup), subscription);
    }
  }

  /** The tree with a group added, or in place of the one of its name. */
  with(group: ManagementGroup): ManagementTree {
    const others = this.groups().filter(({ name }) => fold(name) !== fold(group.name));
    return new ManagementTree(this.root, [...others, group], this.subscriptions());
  }

  group(name: string): ManagementGroup | undefined {
    return this.#groups.get(fold(name));
  }

  /** Every group, the root among them. */
  groups(): readonly ManagementGroup[] {
    return [...this.#groups.values()];
  }

  /** Every subscription. */
  subscriptions(): readonly PlacedSubscription[] {
    return [...this.#subscriptions.values()].flat();
  }

  /** The groups directly in a group. */
  childrenOf(name: string): readonly ManagementGroup[] {
    return this.#children.get(fold(name)) ?? [];
  }

  /** The subscriptions directly in a group. */
  subscriptionsIn(name: string): readonly PlacedSubscription[] {
    return this.#subscriptions.get(fold(name)) ?? [];
  }

  /** The groups that a group lies in, from its parent to the root. */
  ancestorsOf(name: string): readonly ManagementGroup[] {
    const parent = this.group(name)?.parent;
    const above = parent === undefined ? undefined : this.group(parent);
    return above === undefined ? [] : [above, ...this.ancestorsOf(above.name)];
  }

  /** How many levels of groups a group and what is below it take: 1 for one without children. */
  heightOf(name: string): number {
    return 1 + Math.max(0, ...this.childrenOf(name).map((child) => this.heightOf(child.name)));
  }

  /** The groups and subscriptions below a group: its own first, then what is below each of them. */
  descendantsOf(name: string): readonly (ManagementGroup | PlacedSubscription)[] {
    const children = this.childrenOf(name);
    const own = [...children, ...this.subscriptionsIn(name)];
    return [...own, ...children.flatMap((child) => this.descendantsOf(child.name))];
  }
}

function fold(name: string): string {
  return name.toLowerCase();
}

function add<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key) ?? [];
  list.push(item);
  lists.set(key, list);
}
