import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { jsonOf, openedTokenService, origin } from './opened.ts';

const service = await openedTokenService();
after(service.close);
const { app, tenantId } = service;
const get = async (url: string) => {
  const response = await app.fetch(new Request(url));
  return { status: response.status, headers: response.headers, body: await jsonOf(response) };
};
const publicHost = 'https://login.microsoftonline.com';

describe('an OpenID discovery document', () => {
  const forms: readonly (readonly [string, string, string])[] = [
    [`${tenantId}/v2.0`, `${tenantId}/oauth2/v2.0/token`, `${tenantId}/discovery/v2.0/keys`],
    [tenantId, `${tenantId}/oauth2/token`, 'common/discovery/keys'],
    ['postern.onmicrosoft.com/v2.0', `${tenantId}/oauth2/v2.0/token`, `${tenantId}/discovery/v2.0/keys`],
    [`${tenantId.toUpperCase()}/v2.0`, `${tenantId}/oauth2/v2.0/token`, `${tenantId}/discovery/v2.0/keys`],
    ['common/v2.0', 'common/oauth2/v2.0/token', 'common/discovery/v2.0/keys'],
    ['organizations/v2.0', 'organizations/oauth2/v2.0/token', 'organizations/discovery/v2.0/keys'],
    ['adfs', 'adfs/oauth2/token', 'adfs/discovery/keys'],
    [`adfs/${tenantId}`, `adfs/${tenantId}/oauth2/token`, 'adfs/discovery/keys'],
    [`adfs/${tenantId}/v2.0`, `adfs/${tenantId}/oauth2/v2.0/token`, `adfs/${tenantId}/discovery/v2.0/keys`],
  ];
  for (const [path, tokenPath, keysPath] of forms) {
    it(`/${path}: names endpoints that are on the host asked and answer`, async () => {
      const { status, body } = await get(`${origin}/${path}/.well-known/openid-configuration`);
      assert.equal(status, 200);
      assert.equal(body['token_endpoint'], `${origin}/${tokenPath}`);
      assert.equal(body['jwks_uri'], `${origin}/${keysPath}`);
      assert.ok(String(body['authorization_endpoint']).startsWith(`${origin}/`));
      assert.ok(String(body['device_authorization_endpoint']).startsWith(`${origin}/`));
      assert.equal((await get(String(body['jwks_uri']))).status, 200);
      assert.equal((await app.fetch(new Request(String(body['token_endpoint']), { method: 'POST' }))).status, 400);
    });
  }

  const issuers: readonly (readonly [string, string])[] = [
    [`${origin}/${tenantId}/v2.0`, `${origin}/${tenantId}/v2.0`],
    [`${origin}/${tenantId}`, `${origin}/${tenantId}/`],
    [`${origin}/adfs`, `${origin}/${tenantId}/`],
    [`${origin}/common/v2.0`, `${origin}/{tenantid}/v2.0`],
    [`${publicHost}/${tenantId}/v2.0`, `${publicHost}/${tenantId}/v2.0`],
    [`${publicHost}/${tenantId}`, `https://sts.windows.net/${tenantId}/`],
    [`${publicHost}/organizations/v2.0`, `${publicHost}/{tenantid}/v2.0`],
  ];
  for (const [authority, issuer] of issuers) {
    it(`${authority}: the issuer is ${issuer}`, async () => {
      assert.equal((await get(`${authority}/.well-known/openid-configuration`)).body['issuer'], issuer);
    });
  }

  it('is on our own origin for a host that we do not know', async () => {
    const { body } = await get(`https://evil.example/${tenantId}/v2.0/.well-known/openid-configuration`);
    assert.equal(body['token_endpoint'], `${origin}/${tenantId}/oauth2/v2.0/token`);
    assert.equal(body['issuer'], `${origin}/${tenantId}/v2.0`);
  });

  it('may be cached for a day and read by any web page', async () => {
    const { headers } = await get(`${origin}/${tenantId}/v2.0/.well-known/openid-configuration`);
    assert.equal(headers.get('cache-control'), 'max-age=86400, private');
    assert.equal(headers.get('access-control-allow-origin'), '*');
    assert.match(headers.get('x-ms-request-id') ?? '', /^[0-9a-f-]{36}$/);
  });

  const unknown: readonly (readonly [string, number])[] = [
    ['11111111-2222-4333-a444-555555555555', 90002],
    ['contoso.onmicrosoft.com', 90002],
    [`${tenantId}0`, 900023],
    ['not a tenant', 900023],
  ];
  for (const [tenant, code] of unknown) {
    it(`is refused for the tenant '${tenant}' with ${code}`, async () => {
      const { status, body } = await get(
        `${origin}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`,
      );
      assert.equal(status, 400);
      assert.equal(body['error'], 'invalid_request');
      assert.deepEqual(body['error_codes'], [code]);
      assert.ok(String(body['error_description']).includes(`'${tenant}'`));
    });
  }
});

describe('the key set', () => {
  it('has kid = x5t, a certificate of the same key, no alg and no private part', async () => {
    const { body } = await get(`${origin}/${tenantId}/discovery/keys`);
    const [key] = body['keys'] as unknown as Record<string, unknown>[];
    assert.ok(key);
    assert.deepEqual(Object.keys(key), ['kty', 'use', 'kid', 'x5t', 'n', 'e', 'x5c']);
    assert.equal(key['kid'], key['x5t']);
    const certificate = new X509Certificate(Buffer.from(String((key['x5c'] as string[])[0]), 'base64'));
    assert.ok(createPublicKey({ key: key as never, format: 'jwk' }).equals(certificate.publicKey));
  });

  it('names each key’s issuer in version 2, a template for no tenant in particular', async () => {
    const issuerAt = async (path: string) =>
      ((await get(`${origin}/${path}/discovery/v2.0/keys`)).body['keys'] as unknown as Record<string, unknown>[])[0]?.[
        'issuer'
      ];
    assert.equal(await issuerAt(tenantId), `${origin}/${tenantId}/v2.0`);
    assert.equal(await issuerAt('common'), `${origin}/{tenantid}/v2.0`);
  });
});

describe('instance discovery', () => {
  const ask = (endpoint: string, version = '1.1') =>
    get(
      `${publicHost}/common/discovery/instance?api-version=${version}&authorization_endpoint=${encodeURIComponent(endpoint)}`,
    );

  it('knows our own host: the discovery document is on it, in the version of the endpoint', async () => {
    const { body } = await ask(`${origin}/${tenantId}/oauth2/v2.0/authorize`);
    assert.equal(body['tenant_discovery_endpoint'], `${origin}/${tenantId}/v2.0/.well-known/openid-configuration`);
    const aliases = (body['metadata'] as unknown as { aliases: string[] }[]).flatMap((entry) => entry.aliases);
    assert.ok(aliases.includes('localhost:8443'));
    const v1 = await ask(`${origin}/common/oauth2/authorize`, '1.0');
    assert.equal(v1.body['tenant_discovery_endpoint'], `${origin}/common/.well-known/openid-configuration`);
    assert.equal(v1.body['api-version'], '1.0');
  });

  it('knows the public cloud’s hosts', async () => {
    const { body } = await ask(`${publicHost}/${tenantId}/oauth2/v2.0/authorize`);
    assert.equal(body['tenant_discovery_endpoint'], `${publicHost}/${tenantId}/v2.0/.well-known/openid-configuration`);
    assert.equal((await ask('https://sts.windows.net/common/oauth2/authorize')).status, 200);
  });

  for (const endpoint of [
    `https://localhost:8444/${tenantId}/oauth2/v2.0/authorize`,
    `http://localhost:8443/${tenantId}/oauth2/v2.0/authorize`,
    'https://login.microsoftonline.com.evil.org/common/oauth2/authorize',
    'not a url',
  ]) {
    it(`refuses ${endpoint} as an invalid instance`, async () => {
      const { status, body } = await ask(endpoint);
      assert.equal(status, 400);
      assert.equal(body['error'], 'invalid_instance');
      assert.match(String(body['error_description']), /^AADSTS50049: Unknown or invalid instance\. Trace ID: /);
    });
  }

  it('refuses a request without the endpoint and an unknown api-version', async () => {
    assert.deepEqual((await get(`${origin}/common/discovery/instance?api-version=1.1`)).body['error_codes'], [900144]);
    assert.deepEqual((await ask(`${origin}/common/oauth2/authorize`, '9')).body['error_codes'], [90100]);
  });
});
