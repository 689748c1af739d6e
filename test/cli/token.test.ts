import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeToken } from '../../src/cli/commands/token.ts';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Date.parse('2026-11-23T12:00:00Z');
const claims = { iss: 'https://localhost:8443/t/', oid: 'o', iat: now / 1000 - 300, exp: now / 1000 + 86_399 };
const token = `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;

describe('postern token decode', () => {
  it('shows header and claims, and says times in words', () => {
    assert.deepEqual(decodeToken(token, now), {
      header: { alg: 'RS256' },
      claims,
      times: { iat: '2026-11-23T11:55:00.000Z (5 min ago)', exp: '2026-11-24T11:59:59.000Z (in 23 h 59 min)' },
    });
  });

  it('takes a whole Authorization value', () => {
    assert.deepEqual(decodeToken(`Bearer ${token}`, now)?.claims, claims);
  });

  for (const [symptom, text] of [
    ['two parts', token.slice(0, token.lastIndexOf('.'))],
    ['four parts', `${token}.x`],
    ['parts that are no JSON', 'a.b.c'],
    ['claims that are an array', `${part({})}.${part([])}.x`],
    ['nothing', ''],
  ] as const) {
    it(`answers nothing for ${symptom}`, () => assert.equal(decodeToken(text, now), undefined));
  }

  it('leaves a time that is no number of seconds alone', () => {
    assert.deepEqual(decodeToken(`${part({})}.${part({ exp: 'soon', iat: 1e300 })}.x`, now)?.times, {});
  });
});
