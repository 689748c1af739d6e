import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fetch } from '../../src/http/limit-body.ts';
import { originApp } from '../../src/http/origin-app.ts';

const named =
  (name: string): Fetch =>
  async (request) =>
    new Response(`${name} ${(await request.text()).length}`);

const reports: unknown[] = [];
const app = originApp({
  arm: named('arm'),
  sts: named('sts'),
  graph: (request) => {
    if (request.url.endsWith('/broken')) throw new Error('the cause, which no caller may read');
    return named('graph')(request);
  },
  report: (_, error) => reports.push(error),
});

async function ask(url: string, init?: RequestInit & { duplex?: 'half' }): Promise<Response> {
  return app.fetch(new Request(url, init), {});
}

describe('one origin', () => {
  const own = 'https://localhost:8443';
  const rows = [
    [`${own}/subscriptions?api-version=1`, 'arm'],
    [`${own}//Subscriptions/s`, 'arm'],
    [`${own}/providers/Microsoft.Compute`, 'arm'],
    [`${own}/tenants`, 'arm'],
    [`${own}//metadata/endpoints`, 'arm'],
    [`${own}/v1.0/servicePrincipals`, 'graph'],
    [`${own}/beta/me`, 'graph'],
    [`${own}/common/discovery/instance`, 'sts'],
    [`${own}/adfs/.well-known/openid-configuration`, 'sts'],
    [`${own}/`, 'sts'],
    ['https://management.azure.com/anything', 'arm'],
    ['https://MANAGEMENT.azure.com:443/x', 'arm'],
    ['https://login.microsoftonline.com/subscriptions', 'sts'],
    ['https://graph.microsoft.com/subscriptions', 'graph'],
    ['https://management.azure.com.evil.example/v1.0/x', 'graph'],
    ['https://constructor/', 'sts'],
  ] as const;
  for (const [url, service] of rows) {
    it(`leads ${url} to ${service}`, async () => assert.equal(await (await ask(url)).text(), `${service} 0`));
  }
  it('goes by the Host header before the address', async () => {
    const headers = { host: 'graph.microsoft.com' };
    assert.equal(await (await ask(`${own}/subscriptions`, { headers })).text(), 'graph 0');
  });
  it('answers 500 with an id and no detail when a service breaks', async () => {
    const answer = await ask(`${own}/v1.0/broken`);
    const text = await answer.text();
    assert.equal(answer.status, 500);
    assert.ok(text.includes(answer.headers.get('x-ms-request-id') ?? '-'));
    assert.ok(!text.includes('the cause'));
    assert.match(String(reports.at(-1)), /the cause/);
  });
});

describe('the limit of bodies', () => {
  const limit = 4 * 1024 * 1024;
  const post = (length: number, declared: boolean) => {
    const bytes = new Uint8Array(length);
    const body = declared ? bytes : new Blob([bytes]).stream();
    const headers = declared ? { 'content-length': String(length) } : {};
    return ask('https://localhost/common/oauth2/token', { method: 'POST', body, headers, duplex: 'half' });
  };
  for (const declared of [true, false]) {
    it(`is 4 MB, its length ${declared ? 'declared' : 'not declared'}`, async () => {
      assert.equal(await (await post(limit, declared)).text(), `sts ${limit}`);
      assert.equal((await post(limit + 1, declared)).status, 413);
    });
  }
});
