import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { refuse } from '../../src/core/refusal.ts';
import {
  arm,
  armQuery,
  type Imds,
  openImds,
  type Response,
  start,
  systemAssigned,
  tokenPath,
  userAssigned,
  web1,
  web2,
} from './fakes.ts';

const path = `${tokenPath}${armQuery}`;
const system = systemAssigned(web1);
const id1 = userAssigned('id1', '1');
const id2 = userAssigned('id2', '2');
const notFound = { error: 'invalid_request', error_description: 'Identity not found' };

let imds: Imds;
beforeEach(async () => {
  imds = await openImds();
  imds.attach(web1, [system]);
  imds.attach(web2, []);
});
afterEach(() => imds.close());

function assertRefused(response: Response, body: Record<string, string>, status = 400) {
  assert.equal(response.status, status);
  assert.deepEqual(response.json, body);
}

describe('a token answer', () => {
  it('has the fields in alphabetical order, every value a string', async () => {
    const { status, text } = await imds.ask(path);
    const now = start / 1000;
    assert.equal(status, 200);
    assert.equal(
      text,
      JSON.stringify({
        access_token: 'token-1',
        client_id: system.clientId,
        expires_in: '86400',
        expires_on: String(now + 86_400),
        ext_expires_in: '86399',
        not_before: String(now - 300),
        resource: arm,
        token_type: 'Bearer',
      }),
    );
  });

  it('has the headers of the metadata service', async () => {
    const { headers, reason, text } = await imds.ask(path);
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
    assert.match(String(headers.server), /^IMDS\/150\.870\.65\.\d+$/);
    assert.equal(headers['content-length'], String(text.length));
    assert.ok(headers.date);
    assert.equal(reason, 'OK');
  });

  it('asks the token service for the principal, the resource as written and the identity', async () => {
    await imds.ask(`${tokenPath}?api-version=2018-02-01&resource=https://management.azure.com`);
    const [request] = imds.asked;
    assert.equal(request?.resource, 'https://management.azure.com');
    assert.equal(request?.principal.objectId, system.principalId);
    assert.equal(request?.identityResourceId, web1);
    assert.equal(request?.machineResourceId, undefined);
  });

  it('names the machine beside a user-assigned identity', async () => {
    imds.attach(web1, [id1]);
    await imds.ask(path);
    assert.equal(imds.asked[0]?.identityResourceId, id1.resourceId);
    assert.equal(imds.asked[0]?.machineResourceId, web1);
  });

  it('keeps its length in bytes when the resource has other characters', async () => {
    const { json, text, headers } = await imds.ask(
      `${tokenPath}?api-version=2018-02-01&resource=api%3A%2F%2Fcaf%C3%A9`,
    );
    assert.equal(json['resource'], 'api://café');
    assert.equal(headers['content-length'], String(Buffer.byteLength(text)));
  });
});

describe('the path of the token endpoint', () => {
  const spellings = [
    `${tokenPath}/`,
    tokenPath.toUpperCase(),
    '/Metadata/Identity/OAuth2/Token',
    '/metadata/%69dentity/oauth2/token',
  ];
  for (const spelling of spellings) {
    it(`is also ${spelling}`, async () => assert.equal((await imds.ask(`${spelling}${armQuery}`)).status, 200));
  }

  it('may come in absolute form', async () => {
    const answer = await imds.raw(`GET http://imds.test${path} HTTP/1.1\r\nHost: imds.test\r\nMetadata: true\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  });

  const others = [
    '/metadata/identity/oauth2',
    '/metadata/identity/oauth2/token/x',
    '/metadata/identity/oauth2/tokens',
    '/metadata/identity//oauth2/token',
    '/metadata/identity/oauth2%2Ftoken',
  ];
  for (const other of others) {
    it(`is not ${other}`, async () => assert.equal((await imds.ask(`${other}${armQuery}`)).status, 404));
  }
});

describe('the required parameters', () => {
  const missing = (name: string) => ({
    error: 'invalid_request',
    error_description: `Required query variable '${name}' is missing`,
  });

  it('include resource', async () => {
    assertRefused(await imds.ask(`${tokenPath}?api-version=2018-02-01`), missing('resource'));
    assertRefused(await imds.ask(`${tokenPath}?api-version=2018-02-01&resource=`), missing('resource'));
  });

  it('include api-version', async () => {
    assertRefused(await imds.ask(`${tokenPath}?resource=${arm}`), missing('api-version'));
  });

  for (const version of ['2017-12-01', '2018-02-02', '2099-01-01', 'latest', '2018-02-01 ']) {
    it(`refuse api-version '${version}' and name the newest ones`, async () => {
      const response = await imds.ask(`${tokenPath}?api-version=${encodeURIComponent(version)}&resource=${arm}`);
      assert.equal(response.status, 400);
      assert.equal(response.json['error'], 'invalid_request');
      assert.deepEqual(response.json['newest-versions'], ['2025-04-07', '2024-07-17', '2024-03-15']);
    });
  }

  it('accept every newer known version', async () => {
    assert.equal((await imds.ask(`${tokenPath}?api-version=2025-04-07&resource=${arm}`)).status, 200);
  });
});

describe('a selector', () => {
  beforeEach(() => imds.attach(web1, [system, id1, id2]));

  async function clientOf(query: string): Promise<string | undefined> {
    const response = await imds.ask(`${path}&${query}`);
    assert.equal(response.status, 200, response.text);
    return response.json['client_id'];
  }

  it('names an identity by client id, object id or resource id, in each spelling of the name', async () => {
    assert.equal(await clientOf(`client_id=${id1.clientId.toUpperCase()}`), id1.clientId);
    assert.equal(await clientOf(`object_id=${id2.principalId}`), id2.clientId);
    assert.equal(await clientOf(`principal_id=${id2.principalId}`), id2.clientId);
    assert.equal(await clientOf(`msi_res_id=${encodeURIComponent(id1.resourceId.toUpperCase())}`), id1.clientId);
    assert.equal(await clientOf(`mi_res_id=${encodeURIComponent(id2.resourceId)}`), id2.clientId);
  });

  it('is echoed as it was asked for, in its alphabetical place', async () => {
    const byObject = await imds.ask(`${path}&object_id=${id1.principalId.toUpperCase()}`);
    assert.equal(byObject.json['object_id'], id1.principalId.toUpperCase());
    const byResource = await imds.ask(`${path}&msi_res_id=${id1.resourceId}`);
    assert.equal(byResource.json['msi_res_id'], id1.resourceId);
    for (const { json } of [byObject, byResource]) assert.deepEqual(Object.keys(json), Object.keys(json).toSorted());
  });

  it('of an identity that another machine has is refused', async () => {
    imds.attach(web2, [id1]);
    const response = await imds.ask(`${path}&client_id=${id2.clientId}`, { machine: web2 });
    assertRefused(response, notFound);
    assert.equal(response.reason, 'Bad Request');
  });

  for (const pair of [
    `client_id=${id1.clientId}&object_id=${id1.principalId}`,
    `object_id=${id1.principalId}&principal_id=${id1.principalId}`,
    `msi_res_id=${id1.resourceId}&mi_res_id=${id1.resourceId}`,
  ]) {
    it(`excludes every other: ${pair.replaceAll(/=[^&]*/g, '')}`, async () => {
      const response = await imds.ask(`${path}&${pair}`);
      assert.equal(response.status, 400);
      assert.equal(response.json['error'], 'invalid_request');
    });
  }

  it('is needed among several user-assigned identities', async () => {
    imds.attach(web1, [id1, id2]);
    assertRefused(await imds.ask(path), {
      error: 'invalid_request',
      error_description:
        'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
    });
  });
});

describe('a machine', () => {
  it('without identities gets no token', async () => assertRefused(await imds.ask(path, { machine: web2 }), notFound));

  it('gets its own identity only, whichever socket asks first', async () => {
    imds.attach(web2, [systemAssigned(web2, '2')]);
    const one = await imds.ask(path);
    const other = await imds.ask(path, { machine: web2 });
    assert.equal(one.json['client_id'], system.clientId);
    assert.equal(other.json['client_id'], systemAssigned(web2, '2').clientId);
    assert.notEqual(one.json['access_token'], other.json['access_token']);
  });

  it('that no longer exists gets no token on a socket that is still open', async () => {
    imds.deleteMachine(web1);
    assertRefused(await imds.ask(path), notFound);
  });
});

describe('the token service', () => {
  it('has its refusal passed through as Entra words it', async () => {
    const message = 'The resource principal named https://nobody.test was not found in the tenant named Contoso.';
    imds.issuerAnswers(() => refuse('AADSTS500011', message));
    const response = await imds.ask(`${tokenPath}?api-version=2018-02-01&resource=https://nobody.test`);
    const trace = 'eeeeeeee-0000-4000-8000-000000000001';
    const correlation = 'eeeeeeee-0000-4000-8000-000000000002';
    assert.equal(response.status, 400);
    assert.deepEqual(JSON.parse(response.text), {
      error: 'invalid_resource',
      error_description: `AADSTS500011: ${message}\r\nTrace ID: ${trace}\r\nCorrelation ID: ${correlation}\r\nTimestamp: 2024-03-07 11:07:59Z`,
      error_codes: [500011],
      timestamp: '2024-03-07 11:07:59Z',
      trace_id: trace,
      correlation_id: correlation,
      error_uri: 'https://login.microsoftonline.com/error?code=500011',
    });
  });

  it('that breaks is answered 500 with an id, and only the log has the cause', async () => {
    imds.issuerAnswers(() => {
      throw new Error('disk on fire');
    });
    const response = await imds.ask(path);
    assert.equal(response.status, 500);
    assert.equal(response.json['error'], 'unknown');
    assert.doesNotMatch(response.text, /fire/);
    const id = response.json['error_description']?.match(/[0-9a-f-]{36}/)?.[0];
    assert.deepEqual(imds.logged[0], {
      message: 'the metadata service could not answer',
      requestId: id ?? '',
      cause: 'Error: disk on fire',
    });
  });
});
