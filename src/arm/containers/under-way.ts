import { type DocumentKey, documentKey } from '../../core/ports/store.ts';

/**
 * The requests that have been let into a resource group and are not yet answered. The deletion of a group waits for them: what
 * they write, they write before it, so that nothing is left behind in a group that is gone.
 */
export interface UnderWay {
  /** Runs a request inside a group. */
  within<Result>(group: DocumentKey | undefined, request: () => Promise<Result>): Promise<Result>;
  /** Resolves when the requests that are in the group now have ended; at once for what is no group. */
  settled(groupId: string): Promise<void>;
}

/** Keeps account of the requests under way in this process. A restart has none. */
export function accountOfRequests(): UnderWay {
  const byGroup = new Map<DocumentKey, Set<Promise<unknown>>>();
  return {
    async within(group, request) {
      if (group === undefined) return request();
      const requests = byGroup.get(group) ?? new Set();
      byGroup.set(group, requests);
      const running = request();
      requests.add(running);
      try {
        return await running;
      } finally {
        requests.delete(running);
        if (requests.size === 0) byGroup.delete(group);
      }
    },
    async settled(groupId) {
      await Promise.allSettled(byGroup.get(documentKey(groupId)) ?? []);
    },
  };
}
