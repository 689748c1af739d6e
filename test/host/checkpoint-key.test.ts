import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Checkpoint, formatStatement } from '../../src/core/sign-ins/checkpoint.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { checkpointSigner, checkpointVerifier } from '../../src/host/sign-ins/checkpoint-key.ts';
import { systemClock, systemRandom } from '../../src/host/system.ts';
import { makeAuthority } from '../../src/host/tls/authority.ts';

describe('a checkpoint that the local authority signs', async () => {
  const authority = await makeAuthority(systemClock, systemRandom);
  const signer = checkpointSigner(authority);
  const statement: Omit<Checkpoint, 'signature'> = {
    checkpoint: 1,
    kind: 'periodic',
    time: 1 as EpochMillis,
    number: 7,
    hash: 'h',
    authority: signer.authority,
  };
  const checkpoint = { ...statement, signature: signer.sign(formatStatement(statement)) };
  const verify = checkpointVerifier([authority.certificate]);

  it('is verified by the authority’s certificate alone', async () => {
    assert.equal(verify(checkpoint), 'good');
    const other = await makeAuthority(systemClock, systemRandom);
    assert.equal(checkpointVerifier([other.certificate])(checkpoint), 'unknown');
    assert.equal(checkpointVerifier([other.certificate, authority.certificate])(checkpoint), 'good');
  });

  it('says nothing when any of it is changed', () => {
    for (const change of [{ checkpoint: 2 }, { kind: 'retention' }, { time: 2 }, { number: 8 }, { hash: 'i' }]) {
      assert.equal(verify({ ...checkpoint, ...change } as Checkpoint), 'bad');
    }
    assert.equal(verify({ ...checkpoint, signature: '' }), 'bad');
  });

  it('is no certificate’s signature: its text begins with words', () => {
    assert.match(formatStatement(statement), /^postern sign-in log checkpoint\n\{/);
  });
});
