import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { FederatedCredential } from '../../../src/core/ports/directory.ts';
import { documentKey } from '../../../src/core/ports/store.ts';
import { isRefusal } from '../../../src/core/refusal.ts';
import { issuerPair } from '../federation/issuer-server.ts';
import { decodeToken, jsonOf, openedTokenService, origin, postForm } from '../opened.ts';
import { signJwt } from './assertions.ts';

const issuer = 'https://token.actions.githubusercontent.com';
const subject = 'repo:Contoso/web:ref:refs/heads/main';
const audience = 'api://AzureADTokenExchange';
const pair = issuerPair('gh-1');
const stranger = issuerPair('gh-1');
const published = new Map<string, Json>([
  [`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: `${issuer}/keys` }],
  [`${issuer}/keys`, { keys: [pair.jwk] }],
]);
const asked: string[] = [];
const service = await openedTokenService({
  issuerDocuments: {
    read: async (url) => {
      asked.push(url);
      const json = published.get(url);
      return json === undefined ? { failed: `The host of ${url} did not answer.` } : { json };
    },
  },
});
after(service.close);
const { tenantId, principal, clock, directory, store } = service;
const { appId } = principal;
const v2 = `${origin}/${tenantId}/oauth2/v2.0/token`;
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const now = () => Math.floor(clock.now() / 1000);

const github: FederatedCredential = { id: randomUUID(), name: 'github-main', issuer, subject, audiences: [audience] };
await store.transact(directory.planFederatedCredential(principal.objectId, github));

const claims = (more: JsonObject = {}): JsonObject => ({
  iss: issuer,
  sub: subject,
  aud: audience,
  jti: 'same-each-time',
  iat: now(),
  nbf: now(),
  exp: now() + 300,
  ...more,
});
const assertion = (more: JsonObject = {}, header: JsonObject = {}, key = pair) =>
  signJwt({ typ: 'JWT', alg: 'RS256', kid: key.kid, ...header }, claims(more), key.privateKey);
const present = (
  presented: string,
  clientId = appId,
  scope = 'https://management.azure.com/.default',
  from = service,
) => {
  const proof = { client_assertion_type: jwtBearer, client_assertion: presented };
  return postForm(from, v2, { grant_type: 'client_credentials', client_id: clientId, ...proof, scope });
};
const codeOf = async (response: Response): Promise<number> => {
  if (response.status === 200) return 0;
  const body = await jsonOf(response);
  assert.ok(!JSON.stringify(body).includes('eyJ'), 'the assertion is not in the answer');
  return (body['error_codes'] as number[])[0] ?? -1;
};
const describedOf = async (response: Response) => String((await jsonOf(response))['error_description']);

describe('another issuer’s assertion that a federated credential names', () => {
  beforeEach(() => clock.advance(60));

  it('gets a token of the application: appidacr 2, for an hour', async () => {
    const response = await present(assertion());
    assert.equal(response.status, 200);
    const body = await jsonOf(response);
    const token = decodeToken(body['access_token']).claims;
    assert.equal(token['appid'], appId);
    assert.equal(token['appidacr'], '2');
    assert.equal(body['expires_in'], 3599);
  });

  it('may be presented again until it ends, as az does with --federated-token', async () => {
    const presented = assertion();
    assert.equal(await codeOf(await present(presented)), 0);
    clock.advance(60);
    assert.equal(await codeOf(await present(presented)), 0);
    assert.equal(await codeOf(await present(presented, appId, 'https://graph.microsoft.com/.default')), 0);
    clock.advance(240);
    assert.equal(await codeOf(await present(presented)), 700024);
  });

  const cases: readonly (readonly [string, () => string, number])[] = [
    ['a list of one audience', () => assertion({ aud: [audience] }), 0],
    ['two audiences', () => assertion({ aud: [audience, 'https://other.example'] }), 50027],
    ['another issuer', () => assertion({ iss: 'https://gitlab.com' }), 700211],
    ['an issuer with a slash more', () => assertion({ iss: `${issuer}/` }), 700211],
    ['an issuer in upper case', () => assertion({ iss: issuer.toUpperCase() }), 700211],
    ['another audience', () => assertion({ aud: 'https://gitlab.com' }), 700212],
    ['an audience in lower case', () => assertion({ aud: audience.toLowerCase() }), 700212],
    ['the application id of the audience', () => assertion({ aud: 'fb60f99c-7a34-4190-8149-302f77469936' }), 700212],
    ['another subject', () => assertion({ sub: `${subject}2` }), 700213],
    ['a subject in lower case', () => assertion({ sub: subject.toLowerCase() }), 700213],
    ['all three wrong', () => assertion({ iss: 'https://x.example', aud: 'x', sub: 'x' }), 700211],
    ['an end this second', () => assertion({ exp: now() }), 700024],
    ['an end in the next second', () => assertion({ exp: now() + 1 }), 0],
    ['a begin after the leeway', () => assertion({ nbf: now() + 302 }), 700024],
    ['no kid', () => signJwt({ alg: 'RS256' }, claims(), pair.privateKey), 5002723],
    ['another kid', () => assertion({}, { kid: 'gh-2' }), 700027],
    ['another key under the kid', () => assertion({}, {}, stranger), 700027],
    ['PS256', () => assertion({}, { alg: 'PS256' }), 5002738],
    ['alg none', () => assertion({}, { alg: 'none' }), 5002738],
    [
      'HS256 over the modulus',
      () => {
        const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const signed = `${encode({ alg: 'HS256', kid: 'gh-1' })}.${encode(claims())}`;
        return `${signed}.${createHmac('sha256', String(pair.jwk['n'])).update(signed).digest('base64url')}`;
      },
      5002738,
    ],
    ['a key in its own header', () => assertion({}, { jwk: stranger.jwk, kid: 'mine' }, stranger), 700027],
    [
      'a changed subject under a true signature',
      () => {
        const [header, , signature] = assertion({ sub: 'x' }).split('.');
        return [header, assertion().split('.')[1], signature].join('.');
      },
      700027,
    ],
    ['a payload of 17 KB', () => assertion({ filler: 'x'.repeat(13_000) }), 50027],
  ];
  for (const [title, presented, code] of cases) {
    it(`with ${title}: ${code === 0 ? 'taken' : `AADSTS${code}`}`, async () => {
      assert.equal(await codeOf(await present(presented())), code);
    });
  }

  it('for an application without federated credentials: AADSTS70021 with what was presented', async () => {
    const { principal: bare } = await directory.createApplicationPrincipal({ displayName: 'bare', appRoles: [] });
    const response = await present(assertion(), bare.appId);
    assert.equal(response.status, 400);
    assert.match(
      await describedOf(response),
      /AADSTS70021: No matching federated identity record found for presented assertion\. Assertion Issuer: 'https:\/\/token\.actions\.githubusercontent\.com'\. Assertion Subject: 'repo:Contoso\/web:ref:refs\/heads\/main'\. Assertion Audience: 'api:\/\/AzureADTokenExchange'/,
    );
  });

  it('asks no issuer before a credential has matched', async () => {
    asked.length = 0;
    clock.advance(7200);
    for (const more of [{ iss: 'https://169.254.169.254' }, { sub: 'x' }, { aud: 'x' }, { exp: now() }]) {
      assert.notEqual(await codeOf(await present(assertion(more))), 0);
    }
    assert.deepEqual(asked, []);
  });

  it('of an issuer that does not answer: AADSTS501661, which says why', async () => {
    const down = { ...github, id: randomUUID(), name: 'down', issuer: 'https://down.example' };
    await store.transact(directory.planFederatedCredential(principal.objectId, down));
    const response = await present(assertion({ iss: down.issuer }));
    assert.equal(response.status, 400);
    assert.match(
      await describedOf(response),
      /AADSTS501661: Request to External OIDC endpoint failed\. The host of https:\/\/down\.example/,
    );
  });

  it('is taken after the issuer has changed its keys', async () => {
    const next = issuerPair('gh-3');
    published.set(`${issuer}/keys`, { keys: [next.jwk] });
    assert.equal(await codeOf(await present(assertion({}, {}, next))), 0);
    assert.equal(await codeOf(await present(assertion())), 700027);
    published.set(`${issuer}/keys`, { keys: [pair.jwk] });
  });

  it('is refused once its credential has been deleted', async () => {
    await store.transact(directory.planFederatedCredentialRemoval(principal.objectId, github.name));
    assert.equal(await codeOf(await present(assertion())), 700211);
  });
});

const machineId = '/subscriptions/s/resourcegroups/rg/providers/Microsoft.Compute/virtualMachines/web-1';
const identityId =
  '/subscriptions/s/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared';

describe('a managed identity as the issuer’s subject and as the client', async () => {
  const make = async (resourceId: string, isExplicit: boolean) => {
    const planned = directory.planManagedIdentity({ resourceId, displayName: 'mi', isExplicit });
    await store.transact(planned.writes);
    return planned.principal;
  };
  const own = `https://login.microsoftonline.com/${tenantId}/v2.0`;
  const machine = await make(machineId, false);
  const shared = await make(identityId, true);
  const app = (await directory.createApplicationPrincipal({ displayName: 'target', appRoles: [] })).principal;
  const trust = async (owner: string, trusted: string, more: Partial<FederatedCredential> = {}) => {
    const credential = {
      id: randomUUID(),
      name: 'trust',
      issuer: own,
      subject: trusted,
      audiences: [audience],
      ...more,
    };
    await store.transact(directory.planFederatedCredential(owner, credential));
  };
  const tokenOf = async (of: typeof machine, resource = audience, machineResourceId?: string) => {
    const issued = await service.issuer.issueManagedIdentityToken({
      principal: of,
      resource,
      identityResourceId: of.resourceId ?? '',
      ...(machineResourceId === undefined ? {} : { machineResourceId }),
    });
    assert.ok(!isRefusal(issued));
    return issued.accessToken;
  };

  it('has a version 2 token for api://AzureADTokenExchange', async () => {
    const token = decodeToken(await tokenOf(machine)).claims;
    assert.equal(token['iss'], own);
    assert.equal(token['aud'], 'fb60f99c-7a34-4190-8149-302f77469936');
    assert.equal(token['sub'], machine.objectId);
  });

  it('proves an application that names it, without a question to anybody', async () => {
    await trust(app.objectId, machine.objectId);
    asked.length = 0;
    const response = await present(await tokenOf(machine), app.appId);
    assert.equal(response.status, 200);
    assert.equal(decodeToken((await jsonOf(response))['access_token']).claims['oid'], app.objectId);
    assert.deepEqual(asked, []);
  });

  it('proves another managed identity, which gets a token of its own kind for a day', async () => {
    await trust(shared.objectId, machine.objectId);
    const response = await present(await tokenOf(machine), shared.appId);
    const body = await jsonOf(response);
    assert.equal(body['expires_in'], 86_399);
    const token = decodeToken(body['access_token']).claims;
    assert.equal(token['oid'], shared.objectId);
    assert.equal(token['xms_mirid'], identityId);
    assert.equal(token['xms_az_rid'], undefined);
    assert.equal(token['appidacr'], '2');
  });

  it('is refused for another subject, another audience, and an application id where the credential has another name', async () => {
    assert.equal(await codeOf(await present(await tokenOf(shared, audience, machineId), app.appId)), 700213);
    const forArm = await tokenOf(machine, 'https://management.azure.com/');
    assert.equal(await codeOf(await present(forArm, app.appId)), 700211);
    await trust(app.objectId, machine.objectId, { audiences: ['api://AzureADTokenExchangeUSGov'] });
    assert.equal(await codeOf(await present(await tokenOf(machine), app.appId)), 7002121);
    await trust(app.objectId, machine.objectId, { audiences: ['fb60f99c-7a34-4190-8149-302f77469936'] });
    assert.equal(await codeOf(await present(await tokenOf(machine), app.appId)), 0);
    await trust(app.objectId, machine.objectId);
  });

  it('lends on nothing that it got by federation itself: AADSTS700231', async () => {
    const lent = await jsonOf(await present(await tokenOf(machine), shared.appId, `${audience}/.default`));
    await trust(app.objectId, shared.objectId, { name: 'shared' });
    const issuerHere = String(decodeToken(lent['access_token']).claims['iss']);
    await trust(app.objectId, shared.objectId, { name: 'shared-here', issuer: issuerHere });
    assert.equal(await codeOf(await present(String(lent['access_token']), app.appId)), 700231);
    assert.equal(await codeOf(await present(await tokenOf(shared, audience, machineId), app.appId)), 0);
  });

  it('is the only kind of subject: an application’s token is AADSTS700226', async () => {
    const fields = { grant_type: 'client_credentials', client_id: appId, client_secret: service.secret };
    const granted = await jsonOf(await postForm(service, v2, { ...fields, scope: `${audience}/.default` }));
    const { iss, sub } = decodeToken(granted['access_token']).claims;
    await trust(app.objectId, String(sub), { name: 'application', issuer: String(iss) });
    assert.equal(await codeOf(await present(String(granted['access_token']), app.appId)), 700226);
  });

  it('is refused with another tenant’s issuer, and with a forged or expired token', async () => {
    const token = await tokenOf(machine);
    const { header, claims: good } = decodeToken(token);
    const forged = signJwt(header, good, stranger.privateKey);
    assert.equal(await codeOf(await present(forged, app.appId)), 700027);
    assert.equal(
      await codeOf(await present(signJwt({ ...header, kid: 'x' }, good, stranger.privateKey), app.appId)),
      700027,
    );
    const foreign = { ...good, iss: String(good['iss']).replace(tenantId, randomUUID()) };
    assert.equal(await codeOf(await present(signJwt(header, foreign, stranger.privateKey), app.appId)), 700211);
    clock.advance(86_400);
    assert.equal(await codeOf(await present(token, app.appId)), 700024);
  });

  it('is refused once the identity has been deleted', async () => {
    const token = await tokenOf(machine);
    assert.equal(await codeOf(await present(token, app.appId)), 0);
    await store.transact(directory.planDeletion(machine.objectId));
    assert.equal(await codeOf(await present(token, app.appId)), 700027);
  });

  it('has no credentials left when it is made again under its name', async () => {
    await store.transact(directory.planDeletion(shared.objectId));
    assert.deepEqual(directory.federatedCredentialsOf(shared.objectId), []);
    assert.deepEqual(await store.list(documentKey(`/directory/federatedcredentials/${shared.objectId}`)), []);
  });
});
