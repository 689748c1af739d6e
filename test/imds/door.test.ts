import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { armQuery, type Imds, openImds, systemAssigned, tokenPath, web1 } from './fakes.ts';

const path = `${tokenPath}${armQuery}`;

let imds: Imds;
beforeEach(async () => {
  imds = await openImds();
  imds.attach(web1, [systemAssigned(web1)]);
});
afterEach(() => imds.close());

/** Each rule is asked of a URL that was never asked and of one whose answer is ready. */
for (const state of ['a new question', 'a question that is remembered'] as const) {
  describe(`the rules of the door, for ${state}`, () => {
    beforeEach(async () => {
      if (state === 'a question that is remembered') assert.equal((await imds.ask(path)).status, 200);
    });

    for (const value of ['true', 'True', 'TRUE']) {
      it(`accept Metadata: ${value}`, async () => {
        assert.equal((await imds.ask(path, { headers: { Metadata: value } })).status, 200);
      });
    }

    const wrong: Record<string, string | string[]>[] = [
      {},
      { Metadata: '' },
      { Metadata: 'false' },
      { Metadata: '1' },
      { Metadata: 'true, true' },
      { Metadata: ['true', 'false'] },
      { Metadata: ['false', 'true'] },
      { 'X-Metadata': 'true' },
    ];
    for (const headers of wrong) {
      it(`refuse ${JSON.stringify(headers)} in place of Metadata: true`, async () => {
        const response = await imds.ask(path, { headers });
        assert.equal(response.status, 400);
        assert.equal(
          response.text,
          '{"error":"invalid_request","error_description":"Required metadata header not specified"}',
        );
        assert.equal(response.reason, 'Bad Request');
      });
    }

    for (const forwarded of ['X-Forwarded-For', 'x-forwarded-for']) {
      it(`refuse a request carrying ${forwarded}, before or after Metadata`, async () => {
        for (const headers of [
          { Metadata: 'true', [forwarded]: '10.0.0.4' },
          { [forwarded]: '10.0.0.4', Metadata: 'true' },
          { Metadata: 'true', [forwarded]: '' },
        ]) {
          const response = await imds.ask(path, { headers });
          assert.equal(response.status, 400);
          assert.equal(response.json['error'], 'invalid_request');
        }
      });
    }

    it('refuse a forwarding header behind thousands of others', async () => {
      const many = 'a:\r\n'.repeat(2500);
      const answer = await imds.raw(
        `GET ${path} HTTP/1.1\r\nHost: x\r\nMetadata: true\r\n${many}X-Forwarded-For: 10.0.0.4\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    });

    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      it(`refuse ${method} and name GET`, async () => {
        const response = await imds.ask(path, { method });
        assert.equal(response.status, 405);
        assert.equal(response.headers.allow, 'GET');
      });
    }

    it('let headers through that look alike', async () => {
      const headers = { Metadata: 'true', 'X-Forwarded-Host': 'x', Forwarded: 'for=1', 'X-Forwarded-Fo': 'x' };
      assert.equal((await imds.ask(path, { headers })).status, 200);
    });
  });
}

describe('a path that does not exist', () => {
  for (const unknown of [
    '/',
    '/metadata',
    '/metadatax/instance',
    '/metadata/identity',
    '/metadata/identity/getplatformmetadatax?cred-api-version=2.0',
    '/metadata/identity/credential',
    '/metadata/../metadata/versions/x',
  ]) {
    it(`is 404 with and without the header: ${unknown}`, async () => {
      assert.equal((await imds.ask(unknown, { headers: {} })).status, 404);
      assert.equal((await imds.ask(unknown)).status, 404);
      assert.equal((await imds.ask(unknown, { method: 'POST' })).status, 404);
    });
  }

  it('is refused in the shape of its part of the service', async () => {
    const identity = await imds.ask('/metadata/identity/credential');
    assert.equal(identity.json['error'], 'not_found');
    assert.deepEqual(Object.keys(identity.json), ['error', 'error_description']);
    assert.deepEqual(Object.keys((await imds.ask('/metadata/x')).json), ['error']);
  });
});

describe('a hostile target', () => {
  const hostile = {
    'percent signs that encode nothing': `${path}%ZZ`,
    'a cut percent-encoding': `${tokenPath}%`,
    'bytes that are not UTF-8': `${path}&x=%ff%fe`,
    'overlong UTF-8': `${path}&x=%c0%af`,
    'a NUL': `${path}&x=%00`,
    'a line break': `${path}%0d%0aSet-Cookie:x`,
    'an endless URL': `${path}&x=${'a'.repeat(9000)}`,
    'the same parameter twice': `${path}&resource=x`,
    'the same parameter in two spellings': `${path}&RESOURCE=x`,
    'an encoded duplicate': `${path}&%72esource=x`,
    'an ignored parameter twice': `${path}&x=1&x=1`,
    'bypass_cache that is not true': `${path}&bypass_cache=false`,
  };
  for (const [what, target] of Object.entries(hostile)) {
    it(`with ${what} is 400, and no token is issued`, async () => {
      const response = await imds.ask(target);
      assert.equal(response.status, 400);
      assert.equal(response.json['error'], 'invalid_request');
      assert.equal(imds.asked.length, 0);
    });
  }

  it('with parameters that IMDS ignores is answered', async () => {
    assert.equal((await imds.ask(`${path}&xms_cc=cp1&authority=x&&__proto__=x`)).status, 200);
  });
});

describe('a socket', () => {
  it('serves one request after the other, each by its own rules', async () => {
    const ok = `GET ${path} HTTP/1.1\r\nHost: x\r\nMetadata: true\r\n\r\n`;
    const bare = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const answers = await imds.raw(ok + bare + ok);
    assert.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 400', 'HTTP/1.1 200']);
  });
});
