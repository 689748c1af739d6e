import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadPage, type Page, pageOf } from '../../src/core/paging.ts';
import { isRefusal, type Refusal } from '../../src/core/refusal.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
const request = (query: Record<string, string>) => ({
  query: new Map(Object.entries(query)),
  link: (over: Readonly<Record<string, string>>) => JSON.stringify({ ...query, ...over }),
});
const shown = (page: Page | Refusal) => {
  assert.ok(!isRefusal(page));
  return page.value;
};

/** The two ways to a page: cut from the whole list, or read as it is needed. */
const ways = {
  cut: async (list: readonly string[], query: Record<string, string>) =>
    pageOf(
      list.map((name) => ({ name })),
      ({ name }) => name,
      request(query),
    ),
  loaded: (list: readonly string[], query: Record<string, string>) =>
    loadPage(
      async (after, limit) => list.filter((name) => name > after).slice(0, limit),
      { keyOf: (name) => name, show: (name) => ({ name }) },
      request(query),
    ),
};

for (const [way, page] of Object.entries(ways)) {
  describe(`a list, ${way}`, () => {
    it('is one page without a nextLink when it fits', async () => {
      const whole = await page(names, { $top: '5' });
      assert.equal(shown(whole).length, 5);
      assert.ok(!('nextLink' in whole));
    });

    it('is followed by nextLink to its end, each item once', async () => {
      const found: unknown[] = [];
      let query: Record<string, string> | undefined = { $top: '2' };
      while (query !== undefined) {
        const next: Page | Refusal = await page(names, query);
        found.push(...shown(next).map((item) => (item as { name: string }).name));
        query = 'nextLink' in next ? JSON.parse(String(next.nextLink)) : undefined;
      }
      assert.deepEqual(found, names);
    });

    it('goes on behind an item that has gone meanwhile', async () => {
      const first = await page(names, { $top: '2' });
      const query = JSON.parse('nextLink' in first ? String(first.nextLink) : '');
      const left = names.filter((name) => name !== 'b');
      assert.deepEqual(shown(await page(left, query)), [{ name: 'c' }, { name: 'd' }]);
    });

    it('refuses a $top that is no positive number and a $skiptoken that is none', async () => {
      for (const $top of ['0', '-1', 'x', '1.5', '']) {
        assert.equal(((await page(names, { $top })) as Refusal).refused, 'InvalidTopInQueryString', $top);
      }
      for (const $skiptoken of ['', '%']) {
        assert.equal(((await page(names, { $skiptoken })) as Refusal).refused, 'InvalidSkipToken', $skiptoken);
      }
    });
  });
}
