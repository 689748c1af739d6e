import { documentKey, type Store } from '../core/ports/store.ts';

/** The streams of the activity log, by name: one for each subscription, and one for what happens at the tenant. */
export interface Streams {
  nameOf(subscriptionId: string | undefined): string;
  /** The same name, after making sure that `names` will list it: the store cannot say which streams it has. */
  forWriting(subscriptionId: string | undefined): Promise<string>;
  names(): Promise<readonly string[]>;
  /** Whose they are: subscriptions, and undefined for the tenant. */
  subscriptionIds(): Promise<readonly (string | undefined)[]>;
}

/** How the names of all of them begin. */
export const streamsRoot = 'activity-log/';

const root = documentKey('/activity-log/streams');

/** The streams over a store, which remembers their names as documents below `/activity-log/streams`. */
export function openStreams(store: Store): Streams {
  const listed = new Set<string>();
  const nameOf = (subscriptionId: string | undefined): string =>
    `${streamsRoot}${subscriptionId?.toLowerCase() ?? 'tenant'}`;
  return {
    nameOf,
    async forWriting(subscriptionId) {
      const name = nameOf(subscriptionId);
      if (!listed.has(name)) {
        const key = documentKey(`${root}/${subscriptionId ?? 'tenant'}`);
        await store.transact([{ put: key, body: { name }, when: { absent: true } }]);
        listed.add(name);
      }
      return name;
    },
    async names() {
      return (await store.list(root)).map(({ body }) => String(body.name));
    },
    async subscriptionIds() {
      const names = (await store.list(root)).map(({ key }) => key.slice(root.length + 1));
      return names.map((name) => (name === 'tenant' ? undefined : name));
    },
  };
}
