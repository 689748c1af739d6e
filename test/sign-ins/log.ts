import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { CheckpointSigner, CheckpointVerifier } from '../../src/core/ports/checkpoint-signer.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { formatStatement } from '../../src/core/sign-ins/checkpoint.ts';
import type { SignIn } from '../../src/core/sign-ins/sign-in.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { openSignInLog, type SignInLogPorts } from '../../src/sign-ins/sign-in-log.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

/** A key that signs checkpoints, and who verifies them. */
export function makeSigner(): { readonly signer: CheckpointSigner; readonly verifier: CheckpointVerifier } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const authority = createHash('sha256').update(spki).digest('base64url');
  return {
    signer: {
      authority,
      sign: (statement) => sign('sha256', Buffer.from(statement), privateKey).toString('base64url'),
    },
    verifier: (checkpoint) => {
      if (checkpoint.authority !== authority) return 'unknown';
      const signature = Buffer.from(checkpoint.signature, 'base64url');
      return verify('sha256', Buffer.from(formatStatement(checkpoint)), publicKey, signature) ? 'good' : 'bad';
    },
  };
}

/** A log over a store in memory, with a clock that stands. */
export function openTestLog(options: Partial<SignInLogPorts> = {}) {
  const clock = { millis: Date.parse('2026-11-24T12:00:00Z'), now: () => clock.millis as EpochMillis };
  const store: Store = options.store ?? openSqliteStore({ file: ':memory:' });
  const keys = makeSigner();
  const log = openSignInLog({ clock, signer: keys.signer, ...options, store });
  return { ...keys, clock, store, log };
}

/** A hand-over to alice on `web-1`. */
export function signIn(n: number, more: Partial<SignIn> = {}): SignIn {
  return {
    time: (Date.parse('2026-11-24T12:00:00Z') + n) as EpochMillis,
    machineResourceId: '/subscriptions/s/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/web-1',
    user: { uid: 1000, userName: 'alice', groupNames: ['alice'] },
    identity: { principalId: 'p1', clientId: 'c1', resourceId: '/subscriptions/s/resourceGroups/rg1' },
    request: { path: '/metadata/identity/oauth2/token', query: { resource: 'https://management.azure.com/' } },
    outcome: 'handedOver',
    uti: `uti-${n}`,
    ...more,
  };
}
