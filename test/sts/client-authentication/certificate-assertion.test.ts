import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, describe, it } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import type { EpochMillis } from '../../../src/core/time.ts';
import { decodeToken, jsonOf, openedTokenService, origin, postForm } from '../opened.ts';
import { keyCredential, makeCertificate, signJwt } from './assertions.ts';

const service = await openedTokenService();
after(service.close);
const { tenantId, principal, clock, credentials } = service;
const { appId } = principal;
const v2 = `${origin}/${tenantId}/oauth2/v2.0/token`;
const v1 = `${origin}/${tenantId}/oauth2/token`;
const arm = 'https://management.azure.com/';
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const now = () => Math.floor(clock.now() / 1000);

const registered = await makeCertificate('CN=reader');
const stranger = await makeCertificate('CN=stranger');
const late = await makeCertificate('CN=late');
const soon = await makeCertificate('CN=soon');
const past = Date.parse('2026-06-01') as EpochMillis;
const keyCredentials = [
  keyCredential(registered),
  keyCredential(late, { endMillis: past }),
  keyCredential(soon, { startMillis: Date.parse('2027-06-01') as EpochMillis }),
];
credentials.set(appId, { keyCredentials });

const claims = (more: JsonObject = {}): JsonObject => ({
  aud: v2,
  iss: appId,
  sub: appId,
  jti: randomUUID(),
  nbf: now(),
  exp: now() + 600,
  ...more,
});
const ps256 = (more: JsonObject = {}, header: JsonObject = {}, key = registered) =>
  signJwt({ alg: 'PS256', 'x5t#S256': key.sha256, ...header }, claims(more), key.privateKey);
const rs256 = (more: JsonObject = {}, header: JsonObject = {}, key = registered) =>
  signJwt({ typ: 'JWT', alg: 'RS256', x5t: key.sha1, ...header }, claims(more), key.privateKey);
const present = (assertion: string, scope = `${arm}.default`, url = v2, from = service) => {
  const proof = { client_assertion_type: jwtBearer, client_assertion: assertion };
  return postForm(from, url, { grant_type: 'client_credentials', client_id: appId, ...proof, scope });
};
const codeOf = async (response: Response): Promise<number> => {
  if (response.status === 200) return 0;
  const body = await jsonOf(response);
  assert.ok(!JSON.stringify(body).includes('eyJ'), 'the assertion is not in the answer');
  return (body['error_codes'] as number[])[0] ?? -1;
};

describe('a client assertion signed with the application’s certificate', () => {
  it('gets a token that says so: appidacr 2', async () => {
    const response = await present(ps256());
    assert.equal(response.status, 200);
    const { claims: token } = decodeToken((await jsonOf(response))['access_token']);
    assert.equal(token['appidacr'], '2');
    assert.equal(token['appid'], appId);
  });

  it('may be signed with RS256, in version 1 and under /adfs', async () => {
    assert.equal(await codeOf(await present(rs256())), 0);
    const proof = { client_assertion_type: jwtBearer, client_assertion: rs256({ aud: v1 }) };
    const form = { grant_type: 'client_credentials', client_id: appId, ...proof, resource: arm };
    assert.equal((await postForm(service, v1, form)).status, 200);
    const adfs = `${origin}/adfs/oauth2/token`;
    assert.equal(await codeOf(await present(rs256({ aud: adfs }), `${arm}.default`, adfs)), 0);
  });

  it('is taken with its claims in another letter case of the client id, fractions of a second, and a list of one audience', async () => {
    const upper = appId.toUpperCase();
    const odd = { iss: upper, sub: upper, iat: now() + 0.25, exp: now() + 600.75, aud: [v2] };
    assert.equal(await codeOf(await present(ps256(odd))), 0);
  });

  const audiences: readonly (readonly [string, number])[] = [
    [v1, 0],
    [`${origin}/postern.onmicrosoft.com/oauth2/v2.0/token`, 0],
    [`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, 0],
    [`https://login.windows.net/${tenantId}/oauth2/token`, 0],
    [`${origin}/adfs/${tenantId}/oauth2/token`, 0],
    [`https://login.microsoftonline.com/${tenantId}/v2.0`, 0],
    [`https://sts.windows.net/${tenantId}/`, 0],
    [`${origin}/common/oauth2/v2.0/token`, 700023],
    [`${origin}/11111111-2222-4333-a444-555555555555/oauth2/v2.0/token`, 700023],
    [`https://evil.example/${tenantId}/oauth2/v2.0/token`, 700023],
    [`https://login.microsoftonline.com.evil.example/${tenantId}/oauth2/v2.0/token`, 700023],
    [`${v2}/`, 700023],
    [`${v2}?x=1`, 700023],
    [`http://localhost:8443/${tenantId}/oauth2/v2.0/token`, 700023],
    [arm, 700023],
  ];
  for (const [audience, code] of audiences) {
    it(`for ${audience.replace(tenantId, '{tenant}')}: ${code === 0 ? 'taken' : `AADSTS${code}`}`, async () => {
      assert.equal(await codeOf(await present(ps256({ aud: audience }))), code);
    });
  }

  const headers: readonly (readonly [string, () => string, number])[] = [
    ['both thumbprints', () => ps256({}, { x5t: registered.sha1 }), 0],
    ['thumbprints with padding, as MSAL for Python sends them', () => rs256({}, { x5t: `${registered.sha1}=` }), 0],
    [
      'kid as the thumbprint in hexadecimal',
      () => {
        const kid = Buffer.from(registered.sha1, 'base64url').toString('hex');
        return signJwt({ alg: 'PS256', kid }, claims(), registered.privateKey);
      },
      0,
    ],
    ['thumbprints of two certificates', () => ps256({}, { x5t: stranger.sha1 }), 700027],
    ['no thumbprint and no kid', () => signJwt({ alg: 'PS256' }, claims(), registered.privateKey), 5002723],
    ['a certificate that is not registered', () => ps256({}, {}, stranger), 700027],
    [
      'another key under a registered thumbprint',
      () => signJwt({ alg: 'RS256', x5t: registered.sha1 }, claims(), stranger.privateKey),
      700027,
    ],
    [
      'its own certificate in x5c, where no authority is trusted',
      () => ps256({}, { x5c: [stranger.der.toString('base64')] }, stranger),
      700027,
    ],
    ['a certificate past its end', () => ps256({}, {}, late), 700027],
    ['a certificate before its begin', () => ps256({}, {}, soon), 700027],
    [
      'PS256 by its header and RS256 by its signature',
      () => {
        const [, payload] = rs256().split('.');
        const other = signJwt({ alg: 'none', 'x5t#S256': registered.sha256 }, claims(), registered.privateKey).split(
          '.',
        )[2];
        return `${Buffer.from(JSON.stringify({ alg: 'PS256', 'x5t#S256': registered.sha256 })).toString('base64url')}.${payload}.${other}`;
      },
      700027,
    ],
    ['alg none', () => signJwt({ alg: 'none', x5t: registered.sha1 }, claims(), registered.privateKey), 5002738],
    ['RS384', () => signJwt({ alg: 'RS384', x5t: registered.sha1 }, claims(), registered.privateKey), 5002738],
    [
      'HS256 over the certificate',
      () => {
        const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const signed = `${encode({ alg: 'HS256', x5t: registered.sha1 })}.${encode(claims())}`;
        return `${signed}.${createHmac('sha256', registered.der).update(signed).digest('base64url')}`;
      },
      5002738,
    ],
    ['a critical extension', () => ps256({}, { crit: ['b64'], b64: true }), 50027],
  ];
  for (const [title, assertion, code] of headers) {
    it(`with ${title}: ${code === 0 ? 'taken' : `AADSTS${code}`}`, async () => {
      assert.equal(await codeOf(await present(assertion())), code);
    });
  }

  const bodies: readonly (readonly [string, () => JsonObject, number])[] = [
    ['its last second', () => ({ exp: now() + 1 }), 0],
    ['its end this second', () => ({ exp: now() }), 700024],
    ['its end a second ago', () => ({ exp: now() - 1 }), 700024],
    ['a begin within the leeway of five minutes', () => ({ nbf: now() + 300 }), 0],
    ['a begin a second after the leeway', () => ({ nbf: now() + 302 }), 700024],
    ['no begin', () => ({ nbf: undefined as never }), 0],
    ['no end', () => ({ exp: undefined as never }), 50027],
    ['an end that is text', () => ({ exp: String(now() + 600) }), 50027],
    ['another subject than the client', () => ({ sub: randomUUID() }), 700021],
    ['two audiences', () => ({ aud: [v2, 'https://evil.example'] }), 50027],
    ['the same audience twice', () => ({ aud: [v2, v2] }), 50027],
    ['no audience', () => ({ aud: undefined as never }), 50027],
    ['no jti', () => ({ jti: undefined as never }), 50027],
    ['an end beyond every calendar', () => ({ exp: 1e300 }), 0],
  ];
  for (const [title, more, code] of bodies) {
    it(`with ${title}: ${code === 0 ? 'taken' : `AADSTS${code}`}`, async () => {
      assert.equal(await codeOf(await present(ps256(more()))), code);
    });
  }

  for (const [title, assertion] of [
    ['a word', 'assertion'],
    ['empty objects', 'e30.e30.'],
    ['a header that is no object', `W10.${ps256().split('.').slice(1).join('.')}`],
    ['padding', `${ps256()}=`],
    ['a payload of 17 KB', ps256({ filler: 'x'.repeat(13_000) })],
  ] as const) {
    it(`that is ${title}: AADSTS50027`, async () => assert.equal(await codeOf(await present(assertion)), 50027));
  }

  it('over 64 KB is not read: 413', async () => {
    assert.equal((await present(ps256({ filler: 'x'.repeat(60_000) }))).status, 413);
  });

  it('names the certificate, its times and the present time in what it is refused with', async () => {
    const described = async (assertion: string) =>
      String((await jsonOf(await present(assertion)))['error_description']);
    assert.match(
      await described(ps256({}, {}, stranger)),
      /Reason - The key was not found\., Thumbprint of key used by client: '[\dA-F]{64}'/,
    );
    assert.match(
      await described(rs256({}, {}, late)),
      /The key used is expired\., Thumbprint of key used by client: '[\dA-F]{40}', Found key 'Start=01\/01\/2026 00:00:00, End=06\/01\/2026 00:00:00'/,
    );
    assert.match(
      await described(ps256({ exp: now() })),
      /Current time: 2026-11-23T22:50:35\.1230000Z, assertion valid from 2026-11-23T22:50:35\.0000000Z/,
    );
  });
});

describe('an assertion is taken once', () => {
  it('for each resource: MSAL signs one and sends it for all that is asked in ten minutes', async () => {
    const assertion = ps256();
    assert.equal(await codeOf(await present(assertion)), 0);
    assert.equal(await codeOf(await present(assertion, 'https://graph.microsoft.com/.default')), 0);
  });

  it('with the same token for the same request within five seconds, then AADSTS50013', async () => {
    const assertion = ps256();
    const [one, two] = await Promise.all([present(assertion), present(assertion)]);
    const token = (await jsonOf(one as Response))['access_token'];
    assert.equal((await jsonOf(two as Response))['access_token'], token);
    clock.advance(4);
    assert.equal((await jsonOf(await present(assertion)))['access_token'], token);
    clock.advance(1);
    assert.equal(await codeOf(await present(assertion)), 50013);
  });

  it('also after a restart', async () => {
    const assertion = ps256();
    assert.equal(await codeOf(await present(assertion)), 0);
    const restarted = { ...service, ...(await service.again()) };
    assert.equal(await codeOf(await present(assertion, `${arm}.default`, v2, restarted)), 50013);
    assert.equal(await codeOf(await present(ps256(), `${arm}.default`, v2, restarted)), 0);
  });

  it('and another one with the same jti is the same', async () => {
    const jti = randomUUID();
    assert.equal(await codeOf(await present(ps256({ jti }))), 0);
    clock.advance(6);
    assert.equal(await codeOf(await present(rs256({ jti }))), 50013);
    assert.equal(await codeOf(await present(rs256({ jti: jti.toUpperCase() }))), 0);
  });

  it('and is forgotten after its end', async () => {
    const used = async () => (await service.store.list('/sts/assertions' as never)).length;
    assert.ok((await used()) > 1);
    clock.advance(3600);
    assert.equal(await codeOf(await present(ps256())), 0);
    // Beside the new one only the one whose end lies beyond every calendar.
    assert.equal(await used(), 2);
  });
});

describe('an application that trusts a subject name of an authority', async () => {
  const root = await makeCertificate('CN=Root', { ca: true });
  const middle = await makeCertificate('CN=Middle', { ca: true, issuer: root });
  const otherRoot = await makeCertificate('CN=Root', { ca: true });
  const leaf = await makeCertificate('CN=web.contoso.com', { issuer: middle });
  const byDns = await makeCertificate('CN=other', { issuer: root, dns: 'web.contoso.com' });
  const notCa = await makeCertificate('CN=NotCa', { issuer: root });
  const cases: readonly (readonly [string, Awaited<ReturnType<typeof makeCertificate>>, readonly Buffer[], number])[] =
    [
      ['a chain to it', leaf, [leaf.der, middle.der], 0],
      ['a chain with the root itself', leaf, [leaf.der, middle.der, root.der], 0],
      ['a DNS name in place of the common name', byDns, [byDns.der], 0],
      ['a gap in the chain', leaf, [leaf.der], 700027],
      ['no chain', leaf, [], 700027],
      ['another subject', notCa, [notCa.der], 700030],
      [
        'an authority of the same name with another key',
        await makeCertificate('CN=web.contoso.com', { issuer: otherRoot }),
        [],
        700027,
      ],
      [
        'an issuer that is no authority',
        await makeCertificate('CN=web.contoso.com', { issuer: notCa }),
        [notCa.der],
        700027,
      ],
      ['a certificate of its own making', await makeCertificate('CN=web.contoso.com'), [], 700027],
      [
        'a certificate past its end',
        await makeCertificate('CN=web.contoso.com', { issuer: root, notAfter: '2026-02-01' }),
        [],
        700027,
      ],
    ];
  for (const [title, certificate, chain, code] of cases) {
    it(`takes ${title}: ${code === 0 ? 'yes' : `AADSTS${code}`}`, async () => {
      const trusted = {
        authorityId: '1',
        subjectName: 'web.contoso.com',
        authorities: [root.der.toString('base64')],
        revokedCertificateIdentifiers: [],
      };
      credentials.set(appId, { keyCredentials, trustedCertificateSubjects: [trusted] });
      const encoded = chain.length > 0 || title === 'no chain' ? chain : [certificate.der];
      const x5c = (
        encoded[0] === certificate.der || encoded.length === 0 ? encoded : [certificate.der, ...encoded]
      ).map((der) => der.toString('base64'));
      assert.equal(await codeOf(await present(ps256({}, { x5c }, certificate))), code);
    });
  }

  it('takes none that is revoked', async () => {
    const x5c = [leaf.der, middle.der].map((der) => der.toString('base64'));
    const thumbprint = Buffer.from(leaf.sha1, 'base64url').toString('hex');
    const trusted = {
      authorityId: '1',
      subjectName: 'WEB.contoso.com',
      authorities: [root.der.toString('base64')],
      revokedCertificateIdentifiers: [thumbprint],
    };
    credentials.set(appId, { trustedCertificateSubjects: [trusted] });
    assert.equal(await codeOf(await present(ps256({}, { x5c }, leaf))), 700027);
    credentials.set(appId, { trustedCertificateSubjects: [{ ...trusted, revokedCertificateIdentifiers: ['00'] }] });
    assert.equal(await codeOf(await present(ps256({}, { x5c }, leaf))), 0);
  });
});
