import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { principalDocument } from '../../src/directory/principal-document.ts';
import { decodeToken, jsonOf, openedTokenService, origin, postForm } from './opened.ts';

const service = await openedTokenService();
after(service.close);
const { tenantId, principal, secret, clock, store } = service;
const now = Math.floor(clock.now() / 1000);
const v1 = `${origin}/${tenantId}/oauth2/token`;
const v2 = `${origin}/${tenantId}/oauth2/v2.0/token`;
const client = { grant_type: 'client_credentials', client_id: principal.appId, client_secret: secret };
const arm = 'https://management.azure.com/';

describe('the client credentials grant', () => {
  it('answers version 2 with numbers, in Entra’s order', async () => {
    const response = await postForm(service, v2, { ...client, scope: `${arm}/.default` });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store, no-cache');
    const body = await jsonOf(response);
    assert.deepEqual(Object.entries(body).slice(0, 3), [
      ['token_type', 'Bearer'],
      ['expires_in', 3599],
      ['ext_expires_in', 3599],
    ]);
    assert.deepEqual(Object.keys(body).slice(3), ['access_token']);
  });

  it('answers version 1 with text alone', async () => {
    const body = await jsonOf(await postForm(service, v1, { ...client, resource: arm }));
    const { access_token, ...rest } = body;
    assert.deepEqual(rest, {
      token_type: 'Bearer',
      expires_in: '3599',
      ext_expires_in: '3599',
      expires_on: String(now + 3600),
      not_before: String(now - 300),
      resource: arm,
    });
    const { header, claims } = decodeToken(access_token);
    assert.deepEqual(Object.keys(header), ['typ', 'alg', 'x5t', 'kid']);
    assert.equal(claims['appidacr'], '1');
    assert.equal(Number(claims['exp']) - Number(claims['iat']), 3900);
  });

  it('keeps the slash of the resource that the scope names', async () => {
    const audienceOf = async (scope: string) =>
      decodeToken((await jsonOf(await postForm(service, v2, { ...client, scope })))['access_token']).claims['aud'];
    assert.equal(await audienceOf('https://management.azure.com//.default'), 'https://management.azure.com/');
    assert.equal(await audienceOf('https://management.azure.com/.default'), 'https://management.azure.com');
  });

  it('takes the secret by HTTP Basic', async () => {
    const authorization = `Basic ${Buffer.from(`${principal.appId}:${encodeURIComponent(secret)}`).toString('base64')}`;
    const fields = { grant_type: 'client_credentials', scope: `${arm}.default` };
    assert.equal((await postForm(service, v2, fields, { authorization })).status, 200);
  });

  it('takes scope or resource at the AD FS forms, as az sends', async () => {
    for (const path of ['adfs', `adfs/${tenantId}`]) {
      const url = `${origin}/${path}/oauth2/token`;
      const body = await jsonOf(
        await postForm(service, url, { ...client, client_info: '1', scope: `${arm}/.default` }),
      );
      assert.equal(body['expires_in'], 3599);
      assert.equal(decodeToken(body['access_token']).claims['aud'], arm);
      assert.equal((await postForm(service, url, { ...client, resource: arm })).status, 200);
    }
  });

  it('issues by the authority asked: our origin or the public cloud', async () => {
    const issuerOf = async (url: string) =>
      decodeToken((await jsonOf(await postForm(service, url, { ...client, scope: `${arm}.default` })))['access_token'])
        .claims['iss'];
    assert.equal(await issuerOf(v2), `${origin}/${tenantId}/`);
    const publicUrl = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
    assert.equal(await issuerOf(publicUrl), `https://sts.windows.net/${tenantId}/`);
  });

  it('carries application permissions in a token for Graph alone', async () => {
    const rolesFor = async (resource: string) =>
      decodeToken((await jsonOf(await postForm(service, v1, { ...client, resource })))['access_token']).claims['roles'];
    assert.deepEqual(await rolesFor('https://graph.microsoft.com/'), ['Directory.Read.All']);
    assert.deepEqual(await rolesFor(`${origin}/`), ['Directory.Read.All']);
    assert.equal(await rolesFor(arm), undefined);
  });
});

describe('a token request that is not granted', () => {
  const scope = `${arm}.default`;
  const { client_secret: _, ...withoutSecret } = client;
  const other = '11111111-2222-4333-a444-555555555555';
  type Case = readonly [string, string, Record<string, string> | [string, string][], number, string, number];
  const cases: readonly Case[] = [
    ['no grant type', v2, { client_id: principal.appId }, 400, 'invalid_request', 900144],
    ['another grant type', v2, { ...client, grant_type: 'password', scope }, 400, 'unsupported_grant_type', 70003],
    [
      'no client id',
      v2,
      { grant_type: 'client_credentials', client_secret: secret, scope },
      400,
      'invalid_request',
      900144,
    ],
    ['no scope', v2, client, 400, 'invalid_request', 900144],
    ['no resource in version 1', v1, { ...client, scope }, 400, 'invalid_request', 900144],
    ['a resource in version 2', v2, { ...client, resource: arm, scope }, 400, 'invalid_request', 901002],
    ['a scope without /.default', v2, { ...client, scope: arm }, 400, 'invalid_scope', 1002012],
    ['two scopes', v2, { ...client, scope: `${scope} openid` }, 400, 'invalid_scope', 70011],
    [
      'a parameter twice',
      v2,
      [...Object.entries({ ...client, scope }), ['scope', scope]],
      400,
      'invalid_request',
      9000411,
    ],
    ['an unknown client', v2, { ...client, client_id: other, scope }, 400, 'unauthorized_client', 700016],
    ['a wrong secret', v2, { ...client, client_secret: `${secret}x`, scope }, 401, 'invalid_client', 7000215],
    [
      'a secret’s hash for the secret',
      v2,
      { ...client, client_secret: principal.passwordCredentials[0]?.secretSha256 ?? '', scope },
      401,
      'invalid_client',
      7000215,
    ],
    ['an empty secret', v2, { ...client, client_secret: '', scope }, 401, 'invalid_client', 7000216],
    ['no secret', v2, { ...withoutSecret, scope }, 401, 'invalid_client', 7000216],
    [
      'an assertion of no type',
      v2,
      { ...withoutSecret, client_assertion: 'e30.e30.', scope },
      400,
      'invalid_request',
      900144,
    ],
    [
      'an assertion of another type',
      v2,
      { ...withoutSecret, client_assertion: 'e30.e30.', client_assertion_type: 'saml2-bearer', scope },
      400,
      'invalid_request',
      50027,
    ],
    ['an unknown resource', v1, { ...client, resource: 'https://evil.example/' }, 400, 'invalid_resource', 500011],
    ['an unknown tenant', `${origin}/${other}/oauth2/v2.0/token`, { ...client, scope }, 400, 'invalid_request', 90002],
    [
      'the common endpoint',
      `${origin}/common/oauth2/v2.0/token`,
      { ...client, scope },
      400,
      'invalid_request',
      9001023,
    ],
    [
      'the organizations endpoint',
      `${origin}/organizations/oauth2/v2.0/token`,
      { ...client, scope },
      400,
      'invalid_request',
      50059,
    ],
  ];
  for (const [title, url, fields, status, error, code] of cases) {
    it(`${title}: ${status} ${error} AADSTS${code}`, async () => {
      const response = await postForm(service, url, fields);
      const body = await jsonOf(response);
      assert.equal(response.status, status);
      assert.equal(body['error'], error);
      assert.deepEqual(body['error_codes'], [code]);
      assert.ok(!JSON.stringify(body).includes(secret), 'the secret is not in the answer');
    });
  }

  it('is answered in Entra’s error shape, with the caller’s correlation id', async () => {
    const correlation = '9b3f8b5a-1d1f-4e43-9f0c-2f2b7b1c0d55';
    const headers = { 'client-request-id': correlation, 'return-client-request-id': 'true' };
    const response = await postForm(service, v2, { ...client, client_secret: 'wrong', scope }, headers);
    const body = await jsonOf(response);
    const trace = String(body['trace_id']);
    assert.equal(
      JSON.stringify(body),
      JSON.stringify({
        error: 'invalid_client',
        error_description: `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${principal.appId}'. Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: 2026-11-23 22:50:35Z`,
        error_codes: [7000215],
        timestamp: '2026-11-23 22:50:35Z',
        trace_id: trace,
        correlation_id: correlation,
        error_uri: 'https://login.microsoftonline.com/error?code=7000215',
      }),
    );
    assert.equal(response.headers.get('x-ms-request-id'), trace);
    assert.equal(response.headers.get('client-request-id'), correlation);
    assert.equal(response.headers.get('www-authenticate'), null);
  });

  it('says WWW-Authenticate when HTTP Basic failed', async () => {
    const authorization = `Basic ${Buffer.from(`${principal.appId}:wrong`).toString('base64')}`;
    const response = await postForm(service, v2, { grant_type: 'client_credentials', scope }, { authorization });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('www-authenticate'), 'Basic realm="token"');
  });

  it('has no readable form: another content type misses its grant type, a body over 64 KB is 413', async () => {
    const json = await service.app.fetch(
      new Request(v2, {
        method: 'POST',
        body: JSON.stringify({ ...client, scope }),
        headers: { 'content-type': 'application/json' },
      }),
    );
    assert.deepEqual((await jsonOf(json))['error_codes'], [900144]);
    const large = await postForm(service, v2, { ...client, scope, claims: 'x'.repeat(65_536) });
    assert.equal(large.status, 413);
  });

  for (const method of ['GET', 'PUT', 'DELETE']) {
    it(`${method}: 405`, async () => {
      const response = await service.app.fetch(new Request(v2, { method }));
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'POST');
      assert.match(
        String((await jsonOf(response))['error_description']),
        new RegExp(`^AADSTS900561: .* Received a ${method} request\\.`),
      );
    });
  }

  it('comes from a disabled application, or with a secret past its end', async () => {
    const { directory } = service;
    const made = await directory.createApplicationPrincipal({ displayName: 'old', appRoles: [] });
    const fields = {
      grant_type: 'client_credentials',
      client_id: made.principal.appId,
      client_secret: made.secret,
      scope,
    };
    const document = await store.get(principalDocument(made.principal.objectId));
    const put = { put: principalDocument(made.principal.objectId), body: { ...document?.body, accountEnabled: false } };
    await store.transact([put]);
    assert.deepEqual((await jsonOf(await postForm(service, v2, fields)))['error_codes'], [7000112]);
    await store.transact([{ ...put, body: { ...document?.body } }]);
    clock.set('2028-11-23T22:50:35.122Z');
    assert.equal((await postForm(service, v2, fields)).status, 200);
    clock.advance(0.001);
    assert.deepEqual((await jsonOf(await postForm(service, v2, fields)))['error_codes'], [7000222]);
  });
});
