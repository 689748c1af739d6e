import { type DocumentKey, documentKey, type Store, type Write } from '../core/ports/store.ts';
import { follow } from './follow.ts';

/** Where the store keeps who is a member of what: `{group}/{member}`, both object ids. */
export const membershipsRoot = documentKey('/directory/memberships');

/** Who is a member of which group, in memory. Ids are in lower case; a group may be nested, even in a ring. */
export interface Memberships {
  membersOf(groupId: string): readonly string[];
  /** The groups of which it is a member itself. */
  parentsOf(memberId: string): readonly string[];
  /** The groups of which it is a member, itself or through others; the same list until a membership changes. */
  ancestorsOf(memberId: string): readonly string[];
  /** Everything below a group, itself left out. */
  descendantsOf(groupId: string): readonly string[];
  planAddition(groupId: string, memberId: string): Write;
  planRemoval(groupId: string, memberId: string): readonly Write[];
  /** Takes an object out of every group that it is in, and everything out of it. */
  planAllRemoval(objectId: string): readonly Write[];
}

/** Opens the memberships over a store and follows it. */
export async function openMemberships(store: Store): Promise<Memberships> {
  const members = new Map<string, Set<string>>();
  const parents = new Map<string, Set<string>>();
  // Asked with each decision about access, changed seldom: kept until any membership changes.
  let closures = new Map<string, readonly string[]>();
  await follow(store, membershipsRoot, ({ key, after }) => {
    const [group = '', member = ''] = key.slice(membershipsRoot.length + 1).split('/');
    closures = new Map();
    const change = after === undefined ? remove : add;
    change(members, group, member);
    change(parents, member, group);
  });
  const ancestorsOf = (memberId: string): readonly string[] => {
    const known = closures.get(memberId);
    if (known !== undefined) return known;
    const folded = memberId.toLowerCase();
    const found = parents.has(folded) ? closureOf(parents, folded) : none;
    closures.set(memberId, found);
    return found;
  };
  return {
    membersOf: (groupId) => [...(members.get(groupId.toLowerCase()) ?? [])].toSorted(),
    parentsOf: (memberId) => [...(parents.get(memberId.toLowerCase()) ?? [])].toSorted(),
    ancestorsOf,
    descendantsOf: (groupId) => closureOf(members, groupId.toLowerCase()),
    planAddition: (groupId, memberId) => ({ put: keyOf(groupId, memberId), body: {}, when: { absent: true } }),
    planRemoval: (groupId, memberId) =>
      members.get(groupId.toLowerCase())?.has(memberId.toLowerCase()) ? [{ remove: keyOf(groupId, memberId) }] : [],
    planAllRemoval: (objectId) => [
      { removeTree: documentKey(`${membershipsRoot}/${objectId}`) },
      ...[...(parents.get(objectId.toLowerCase()) ?? [])].map((group) => ({ remove: keyOf(group, objectId) })),
    ],
  };
}

const none: readonly string[] = [];

/** Everything that is reached from here, each once; the start itself is left out, also where a ring leads back to it. */
function closureOf(edges: ReadonlyMap<string, ReadonlySet<string>>, start: string): readonly string[] {
  const found = new Set<string>([start]);
  for (const reached of found) for (const next of edges.get(reached) ?? []) found.add(next);
  found.delete(start);
  return [...found];
}

function keyOf(groupId: string, memberId: string): DocumentKey {
  return documentKey(`${membershipsRoot}/${groupId}/${memberId}`);
}

function add(edges: Map<string, Set<string>>, from: string, to: string): void {
  const ends = edges.get(from) ?? new Set();
  ends.add(to);
  edges.set(from, ends);
}

function remove(edges: Map<string, Set<string>>, from: string, to: string): void {
  const ends = edges.get(from);
  ends?.delete(to);
  if (ends?.size === 0) edges.delete(from);
}
