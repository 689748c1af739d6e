import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { authenticate } from '../../src/arm/authenticate/authenticate.ts';
import { type Connection, parseArrival } from '../../src/arm/parse/arrival.ts';
import type { TokenVerifier } from '../../src/core/ports/token-verifier.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { origin } from './kit/door.ts';
import {
  application,
  countingRandom,
  startMillis,
  tableDirectory,
  tableMachines,
  tenantId,
  tokenOf,
} from './kit/ports.ts';

const raw = Buffer.from('a certificate');
const thumbprint = createHash('sha256').update(raw).digest('base64url');

/** Accepts a token that is bound to the certificate above, and says what it was shown. */
const verifier: TokenVerifier = {
  verify: async (_token, _audiences, shown) =>
    shown?.() === thumbprint ? tokenOf('owner') : ({ rejected: 'unbound' } as const),
};

const stage = {
  verifier,
  directory: tableDirectory(new Map([['owner', application('owner')]])),
  machines: tableMachines(new Map()),
  tenantId,
  origin: () => origin,
};

function arriveOn(connection: Connection | undefined) {
  const request = new Request(`${origin}/subscriptions?api-version=2022-12-01`);
  return parseArrival(request, connection, { origin, clock: { now: () => startMillis }, random: countingRandom() });
}

const shows = (certificate: { readonly raw: Uint8Array } | undefined): Connection => ({
  incoming: { socket: { getPeerX509Certificate: () => certificate } },
});

describe('a token that is bound to a certificate', () => {
  it('is accepted on a connection that shows the certificate, under both names of the scheme', async () => {
    const { shown } = arriveOn(shows({ raw }));
    for (const scheme of ['Bearer', 'mtls_pop', 'MTLS_POP']) {
      const caller = await authenticate(stage, `${scheme} abc`, startMillis, shown);
      assert.equal(isRefusal(caller) ? caller.message : caller.objectId, 'owner');
    }
  });

  const others: Readonly<Record<string, Connection | undefined>> = {
    'shows another': shows({ raw: Buffer.from('another') }),
    'shows none': shows(undefined),
    'has no TLS': { incoming: { socket: {} } },
    'is not known': undefined,
  };
  for (const [what, connection] of Object.entries(others)) {
    it(`is refused on a connection that ${what}`, async () => {
      const refused = await authenticate(stage, 'Bearer abc', startMillis, arriveOn(connection).shown);
      assert.ok(isRefusal(refused));
      assert.equal(refused.refused, 'InvalidAuthenticationToken');
      assert.match(refused.message, /bound to a client certificate/);
    });
  }
});
