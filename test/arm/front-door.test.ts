import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import type { EpochSeconds } from '../../src/core/time.ts';
import { type Ask, openDoor, origin, subscription, type TestDoor } from './kit/door.ts';
import { application, startMillis, subscriptionId, tenantId, tokenOf } from './kit/ports.ts';
import { type WidgetBench, widgets } from './kit/widgets.ts';

let door: TestDoor;
let bench: WidgetBench;
const group = `${subscription}/resourceGroups/rg1`;
const widget = `${group}/providers/Contoso.Widgets/widgets/w1`;
const version = '?api-version=2024-03-01';

before(async () => {
  door = await openDoor((context) => {
    bench = widgets(context);
    return [bench.provider];
  });
  await door.ask('PUT', `${group}${version}`, { body: { location: 'eastus' } });
  await door.ask('PUT', `${widget}${version}`, { body: {} });
});
after(async () => {
  bench.release();
  await door.close();
});

async function refusalOf(method: string, path: string, ask?: Ask): Promise<readonly [number, unknown, unknown]> {
  const { status, json } = await door.ask(method, path, ask);
  const error = json['error'] as JsonObject;
  return [status, error['code'], error['message']];
}

describe('api-version', () => {
  const missing = 'The api-version query parameter (?api-version=) is required for all requests.';
  it('is required, before anything is known of the caller', async () => {
    assert.deepEqual(await refusalOf('GET', widget, { token: undefined }), [
      400,
      'MissingApiVersionParameter',
      missing,
    ]);
    assert.deepEqual(await refusalOf('GET', `${widget}?api-version=`), [400, 'MissingApiVersionParameter', missing]);
  });
  for (const wrong of ['latest', '2024-3-1', '2024-13-01', '2024-02-30', '20240301', '2024-03-01-', '../x']) {
    it(`refuses ${wrong}`, async () => {
      const [status, code] = await refusalOf('GET', `${widget}?api-version=${encodeURIComponent(wrong)}`);
      assert.deepEqual([status, code], [400, 'InvalidApiVersionParameter']);
    });
  }
  for (const good of ['2022-01-01', '2022-01-01-preview', '2024-03-01', '2031-12-31']) {
    it(`accepts ${good}, from the oldest on`, async () => {
      assert.equal((await door.ask('GET', `${widget}?api-version=${good}`)).status, 200);
    });
  }
  it("refuses what is older than the type's oldest, naming those there are", async () => {
    const [status, code, message] = await refusalOf('GET', `${widget}?api-version=2021-12-31`);
    assert.deepEqual([status, code], [404, 'InvalidResourceType']);
    assert.equal(
      message,
      "The resource type 'widgets' could not be found in the namespace 'Contoso.Widgets' for api version '2021-12-31'. The supported api-versions are '2024-03-01,2023-01-01-preview,2022-01-01'.",
    );
    const late = await refusalOf('PUT', `${widget}?api-version=2021-12-31`, { text: '{' });
    assert.deepEqual(late.slice(0, 2), [404, 'InvalidResourceType'], 'before anything is said of the body');
    const [, core, text] = await refusalOf('GET', `${group}?api-version=2013-01-01`);
    assert.equal(core, 'InvalidApiVersionParameter');
    assert.match(String(text), /^The api-version '2013-01-01' is invalid. The supported versions are '2025-04-01,/);
  });
  it('names the region where a write says one, and the regions there are', async () => {
    const old = `${widget}?api-version=2021-12-31`;
    const [status, code, message] = await refusalOf('PUT', old, { body: { location: 'West Europe' } });
    assert.deepEqual([status, code], [400, 'NoRegisteredProviderFound']);
    assert.match(
      String(message),
      /^No registered resource provider found for location 'westeurope' and API version '2021-12-31' for type 'widgets'. The supported api-versions are '2024-03-01, 2023-01-01-preview, 2022-01-01'. The supported locations are 'eastus, /,
    );
    const [, nowhere] = await refusalOf('PUT', old, { body: { location: 'atlantis' } });
    assert.equal(nowhere, 'InvalidResourceType');
  });
});

describe('401', () => {
  const path = `${widget}${version}`;
  it('says that the Authorization header is missing', async () => {
    const answer = await door.ask('GET', path, { token: undefined });
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.json, {
      error: {
        code: 'AuthenticationFailed',
        message: "Authentication failed. The 'Authorization' header is missing.",
      },
    });
    assert.equal(
      answer.headers.get('www-authenticate'),
      `Bearer authorization_uri="${origin}/${tenantId}", error="invalid_token", error_description="Authentication failed. The 'Authorization' header is missing."`,
    );
  });
  it('names no tenant where the path has no subscription, and the public authority under a public name', async () => {
    const ask = { token: undefined, host: 'management.azure.com' };
    const answer = await door.ask('GET', `/subscriptions${version}`, ask);
    assert.match(
      answer.headers.get('www-authenticate') ?? '',
      /^Bearer authorization_uri="https:\/\/login\.windows\.net\/"/,
    );
  });
  for (const header of ['Basic abc', 'Bearer', 'Bearer a b', 'Bearer ä']) {
    it(`says that '${encodeURI(header)}' is no bearer header`, async () => {
      const [status, code] = await refusalOf('GET', path, { token: undefined, headers: { authorization: header } });
      assert.deepEqual([status, code], [401, 'AuthenticationFailedInvalidHeader']);
    });
  }
  it('says nothing of why a signature, key or algorithm is wrong', async () => {
    for (const rejected of ['malformed', 'algorithm', 'unknownKey', 'signature'] as const) {
      door.tokens.set('bad', { rejected });
      const told = await refusalOf('GET', path, { token: 'bad' });
      assert.deepEqual(told, [401, 'InvalidAuthenticationToken', 'The access token is invalid.']);
    }
  });
  it('says when a token expired, in ARM words', async () => {
    door.tokens.set('old', { rejected: 'expired', expiresOn: (startMillis / 1000 - 1) as EpochSeconds });
    assert.deepEqual(await refusalOf('GET', path, { token: 'old' }), [
      401,
      'ExpiredAuthenticationToken',
      "The access token expiry UTC time '11/23/2026 11:59:59 AM' is earlier than current UTC time '11/23/2026 12:00:00 PM'.",
    ]);
  });
  it('says when a token begins', async () => {
    door.tokens.set('early', { rejected: 'notYetValid', notBefore: (startMillis / 1000 + 1) as EpochSeconds });
    const [status, code] = await refusalOf('GET', path, { token: 'early' });
    assert.deepEqual([status, code], [401, 'InvalidAuthenticationToken']);
  });
  it('names the wrong audience and the right ones', async () => {
    door.tokens.set('graph', { rejected: 'audience', audience: 'https://graph.microsoft.com/' });
    assert.deepEqual(await refusalOf('GET', path, { token: 'graph' }), [
      401,
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource 'https://graph.microsoft.com/'. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net','https://management.azure.com/','https://management.azure.com','${origin}/','${origin}'.`,
    ]);
  });
  it('names the wrong issuer', async () => {
    const issuer = 'https://sts.windows.net/other/';
    door.tokens.set('alien', { rejected: 'tenant', issuer, tokenTenantId: 'other' });
    const [status, code, message] = await refusalOf('GET', path, { token: 'alien' });
    assert.deepEqual([status, code], [401, 'InvalidAuthenticationTokenTenant']);
    assert.match(String(message), /wrong issuer 'https:\/\/sts.windows.net\/other\/'/);
  });
  it('refuses a good token whose principal is gone, from the next request on', async () => {
    door.tokens.set('gone', tokenOf('gone'));
    door.principals.set('gone', application('gone'));
    assert.equal((await refusalOf('GET', path, { token: 'gone' }))[0], 403);
    door.principals.delete('gone');
    const [status, code, message] = await refusalOf('GET', path, { token: 'gone' });
    assert.deepEqual([status, code], [401, 'InvalidAuthenticationToken']);
    assert.match(String(message), /no longer exists in the directory/);
  });
});

describe('the order of refusals', () => {
  const nobody = { token: 'nobody' };
  before(() => {
    door.tokens.set('nobody', tokenOf('nobody'));
    door.principals.set('nobody', application('nobody'));
  });
  it('finds the subscription before the permission', async () => {
    const other = subscriptionId.replace(/2/g, '3');
    const [status, code, message] = await refusalOf('GET', `/subscriptions/${other}${version}`, nobody);
    assert.deepEqual([status, code], [404, 'SubscriptionNotFound']);
    assert.equal(message, `The subscription '${other}' could not be found.`);
    const malformed = await refusalOf('GET', `/subscriptions/mine${version}`, nobody);
    assert.deepEqual(malformed.slice(0, 2), [400, 'InvalidSubscriptionId']);
  });
  it('asks for the permission before it says whether a group exists', async () => {
    const path = `${subscription}/resourceGroups/nowhere/providers/Contoso.Widgets/widgets/w1`;
    const [status, code, message] = await refusalOf('GET', `${path}${version}`, nobody);
    assert.deepEqual([status, code], [403, 'AuthorizationFailed']);
    assert.equal(
      message,
      `The client 'app-of-nobody' with object id 'nobody' does not have authorization to perform action 'Contoso.Widgets/widgets/read' over scope '${path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
    assert.deepEqual(await refusalOf('GET', `${path}${version}`), [
      404,
      'ResourceGroupNotFound',
      "Resource group 'nowhere' could not be found.",
    ]);
  });
  it('checks every linked permission and names those that are missing', async () => {
    door.tokens.set('writer', tokenOf('writer'));
    door.principals.set('writer', application('writer'));
    door.grants.push({ principalId: 'writer', action: /widgets\/write$/, scope: group });
    door.grants.push({ principalId: 'writer', action: /parts\/use/, scope: '/parts/mine' });
    const body = { uses: ['/parts/mine', '/parts/yours', '/parts/theirs'] };
    assert.deepEqual(await refusalOf('PUT', `${widget}${version}`, { token: 'writer', body }), [
      403,
      'LinkedAuthorizationFailed',
      `The client 'app-of-writer' with object id 'writer' has permission to perform action 'Contoso.Widgets/widgets/write' on scope '${widget}'; however, it does not have permission to perform action(s) 'Contoso.Widgets/parts/use/action,Contoso.Widgets/parts/use/action' on the linked scope(s) '/parts/yours,/parts/theirs' (respectively) or the linked scope(s) are invalid.`,
    ]);
    const mine = await door.ask('PUT', `${widget}${version}`, { token: 'writer', body: { uses: ['/parts/mine'] } });
    assert.equal(mine.status, 201);
  });
});

describe('paths', () => {
  it('match without regard to case and keep the spelling of names, canonical in the fixed words', async () => {
    const path = `//SUBSCRIPTIONS/${subscriptionId}/resourcegroups/RG1/Providers/contoso.widgets/WIDGETS/Two/`;
    const { status, json } = await door.ask('PUT', `${path}${version}`, { body: {} });
    assert.equal(status, 201);
    assert.equal(json['id'], `${subscription}/resourceGroups/RG1/providers/Contoso.Widgets/widgets/Two`);
  });
  it('put any scope before an extension resource', async () => {
    const sticker = 'providers/Contoso.Widgets/stickers/s1';
    for (const scope of ['', subscription, group, widget, `${widget}/${sticker}`]) {
      const { json } = await door.ask('GET', `${scope}/${sticker}${version}`, {});
      const expected = scope === '' ? undefined : { id: `${scope}/${sticker}`, scope };
      assert.deepEqual(json['error'] === undefined ? json : undefined, expected);
    }
    const [status] = await refusalOf('GET', `/nowhere/at/all/${sticker}${version}`);
    assert.equal(status, 404);
  });
  it('say which methods there are', async () => {
    const answer = await door.ask('PATCH', `${widget}${version}`, { body: {} });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('allow'), 'GET, PUT');
  });
  it('answer HEAD by GET, without a body', async () => {
    const found = await door.ask('HEAD', `${widget}${version}`);
    assert.deepEqual([found.status, found.text], [204, '']);
    const absent = await door.ask('HEAD', `${widget}0${version}`);
    assert.deepEqual([absent.status, absent.text], [404, '']);
  });
  it('name the unknown namespace and the unknown type', async () => {
    const [, namespace, text] = await refusalOf('GET', `${group}/providers/Contoso.Gadgets/gadgets/g${version}`);
    assert.deepEqual(
      [namespace, text],
      ['InvalidResourceNamespace', "The resource namespace 'Contoso.Gadgets' is invalid."],
    );
    const [status, type] = await refusalOf('GET', `${group}/providers/Contoso.Widgets/gadgets/g${version}`);
    assert.deepEqual([status, type], [404, 'InvalidResourceType']);
    assert.deepEqual((await refusalOf('GET', `/elsewhere${version}`)).slice(0, 2), [404, 'NotFound']);
  });
  it('refuse path tricks before anything else', async () => {
    const [status, code] = await refusalOf('GET', `${group}%2f..%2frg2${version}`, { token: undefined });
    assert.deepEqual([status, code], [400, 'InvalidRequestUri']);
  });
});

describe('request bodies', () => {
  const put = (text: string, headers: Readonly<Record<string, string>> = {}) =>
    refusalOf('PUT', `${widget}${version}`, { text, headers });
  it('must be JSON; what is wrong is said without quoting the body', async () => {
    const [status, code, message] = await put('{"adminPassword": "hunter2", }');
    assert.deepEqual([status, code], [400, 'InvalidRequestContent']);
    assert.ok(!String(message).includes('hunter2'), 'the message quotes no secret');
  });
  for (const text of ['', '[]', '"x"', 'null', '{', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`]) {
    it(`refuses ${text.slice(0, 12) || 'nothing'} for a PUT`, async () => {
      assert.deepEqual((await put(text)).slice(0, 2), [400, 'InvalidRequestContent']);
    });
  }
  it('may come with any JSON type, and none that says otherwise', async () => {
    for (const type of ['application/json; charset=utf-8', 'text/json', 'application/merge-patch+json']) {
      const { status } = await door.ask('PUT', `${widget}${version}`, {
        text: '{}',
        headers: { 'content-type': type },
      });
      assert.equal(status, 201);
    }
    const form = await put('a=b', { 'content-type': 'application/x-www-form-urlencoded' });
    assert.deepEqual(form.slice(0, 2), [415, 'UnsupportedMediaType']);
  });
  it('have at most 4 MB', async () => {
    const padded = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;
    const limit = 4 * 1024 * 1024;
    assert.equal((await door.ask('PUT', `${widget}${version}`, { text: padded(limit) })).status, 201);
    assert.deepEqual((await put(padded(limit + 1))).slice(0, 2), [413, 'RequestEntityTooLarge']);
  });
});

describe('answers', () => {
  const ids = /^[0-9a-f-]{36}$/;
  it('carry the headers that all ARM answers carry', async () => {
    const { headers } = await door.ask('GET', `${widget}${version}`);
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(headers.get('cache-control'), 'no-cache');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('x-ms-request-id') ?? '', ids);
    assert.match(headers.get('x-ms-correlation-request-id') ?? '', ids);
    assert.match(headers.get('x-ms-routing-request-id') ?? '', /^[A-Z]+:20261123T120000Z:[0-9a-f-]{36}$/);
    assert.match(headers.get('etag') ?? '', /^".+"$/);
  });
  it('send Strict-Transport-Security under the public names only', async () => {
    const own = await door.ask('GET', `${widget}${version}`);
    assert.equal(own.headers.get('strict-transport-security'), null);
    const named = await door.ask('GET', `${widget}${version}`, { host: 'management.azure.com' });
    assert.match(named.headers.get('strict-transport-security') ?? '', /^max-age=31536000/);
  });
  it("adopt the caller's correlation id, and send its client id back when asked to", async () => {
    const correlation = 'ABCDEF00-0000-4000-8000-000000000001';
    const headers = { 'x-ms-correlation-request-id': correlation, 'x-ms-client-request-id': 'mine' };
    const quiet = await door.ask('GET', `${widget}${version}`, { headers });
    assert.equal(quiet.headers.get('x-ms-correlation-request-id'), correlation.toLowerCase());
    assert.equal(quiet.headers.get('x-ms-client-request-id'), null);
    const asked = { ...headers, 'x-ms-return-client-request-id': 'true', 'x-ms-correlation-request-id': 'no guid' };
    const echoed = await door.ask('GET', `${widget}${version}`, { headers: asked });
    assert.equal(echoed.headers.get('x-ms-client-request-id'), 'mine');
    assert.match(echoed.headers.get('x-ms-correlation-request-id') ?? '', ids);
  });
  it('hand providers If-Match without its quotes', async () => {
    for (const [sent, read] of [
      ['"7"', '7'],
      ['W/"7"', '7'],
      ['*', '*'],
      ['7', '7'],
    ] as const) {
      const { json } = await door.ask('PUT', `${widget}${version}`, { body: {}, headers: { 'if-match': sent } });
      assert.deepEqual(json['tags'], { ifMatch: read });
    }
  });
  it('tell a bug by an id alone', async () => {
    const answer = await door.ask('POST', `${widget}/break${version}`);
    assert.equal(answer.status, 500);
    const id = answer.headers.get('x-ms-request-id') ?? '';
    const message = `The server encountered an internal error. The request id is '${id}'.`;
    assert.deepEqual(answer.json, { error: { code: 'InternalServerError', message } });
    assert.match(String(door.reports.at(-1)), /the cause/);
  });
});

describe('lists show each caller what it may read', () => {
  const list = `${subscription}/providers/Contoso.Widgets/widgets${version}`;
  it('in part to the reader of one group, not at all to one without a role, and not by a look-alike name', async () => {
    door.tokens.set('reader', tokenOf('reader'));
    door.principals.set('reader', application('reader'));
    assert.deepEqual((await refusalOf('GET', list, { token: 'reader' })).slice(0, 2), [403, 'AuthorizationFailed']);
    await door.ask('PUT', `${subscription}/resourceGroups/rg10${version}`, { body: { location: 'eastus' } });
    await door.ask('PUT', `${subscription}/resourceGroups/rg10/providers/Contoso.Widgets/widgets/x${version}`, {
      body: {},
    });
    door.grants.push({ principalId: 'reader', action: /\/read$/, scope: group });
    const seen = await door.ask('GET', list, { token: 'reader' });
    const names = (seen.json['value'] as readonly JsonObject[]).map((item) => item['name']);
    assert.deepEqual(names.toSorted(), ['Two', 'w1']);
  });
});
