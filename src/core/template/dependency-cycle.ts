/** The keys in and behind a circle of needs; undefined when there is none. */
export function findCycle(needs: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const waiting = new Map([...needs].map(([key, own]) => [key, new Set([...own].filter((one) => needs.has(one)))]));
  const neededBy = new Map<string, string[]>();
  for (const [key, own] of waiting) for (const one of own) neededBy.set(one, [...(neededBy.get(one) ?? []), key]);
  const free = [...waiting].filter(([, own]) => own.size === 0).map(([key]) => key);
  for (let key = free.pop(); key !== undefined; key = free.pop()) {
    waiting.delete(key);
    for (const other of neededBy.get(key) ?? []) {
      const own = waiting.get(other);
      own?.delete(key);
      if (own?.size === 0) free.push(other);
    }
  }
  return waiting.size === 0 ? undefined : [...waiting.keys()];
}
