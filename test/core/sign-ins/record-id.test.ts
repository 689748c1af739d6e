import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { recordIdOf } from '../../../src/core/sign-ins/record-id.ts';

describe("a record's id", () => {
  it('is the beginning of its hash, as a GUID of version 8', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hash = createHash('sha256').update(text).digest();
        const id = recordIdOf(hash.toString('base64url'));
        assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        const own = (digits: string) => digits.slice(0, 12) + digits.slice(13, 16) + digits.slice(17, 32);
        assert.equal(own(id.replaceAll('-', '')), own(hash.toString('hex')));
      }),
    );
  });

  it('is a GUID also of what is no hash', () => {
    assert.equal(recordIdOf(''), '00000000-0000-8000-8000-000000000000');
    assert.match(recordIdOf('"?'), /^[0-9a-f-]{36}$/);
  });
});
