import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

/** 8. Two users of one machine: alice may use its identity, bob may not. */
export async function twoUsers(stage: Stage, cast: Cast): Promise<void> {
  stage.chapter('8. Two users of one machine');
  const { group } = cast;
  await done(stage, cast, ['vm', 'create', group, 'web-3', 'alice bob'], 'web-3 has the users alice and bob.');
  const assigned = await stage.sdk(cast.console, ['vm', 'identity', 'assign', group, 'web-3'], { quiet: true });
  const { principalId = '' } = (assigned.ok ?? {}) as { principalId?: string };
  const contributor = ['role', 'assignment', 'create', cast.groupId, principalId, 'Contributor'];
  await done(stage, cast, contributor, `Its identity is a Contributor on ${group}: so far anybody on the machine is.`);
  const before = await stage.sdk(cast.web3, ['vm', 'list', group], { user: 'bob', quiet: true });
  stage.hold(before.failed === undefined, 'bob lists the machines of the group.');

  const guard = ['vm', 'guard', group, 'web-3', 'alice'];
  await done(
    stage,
    cast,
    guard,
    'An access control profile in Enforce gives the identity to alice, and to nobody else.',
  );
  const alice = await stage.sdk(cast.web3, ['identity', 'create', group, 'made-by-alice'], {
    user: 'alice',
    quiet: true,
  });
  stage.hold(alice.failed === undefined, 'alice makes a user-assigned identity, as web-3.');
  const bob = await stage.sdk(cast.web3, ['identity', 'create', group, 'made-by-bob'], { user: 'bob' });
  stage.hold(
    /\bbob\b/.test(bob.failed?.message ?? ''),
    'bob gets no token: the metadata service answers 403 and says who may not, by which rule.',
  );
}

async function done(stage: Stage, cast: Cast, words: readonly string[], what: string): Promise<void> {
  const reply = await stage.sdk(cast.console, words, { quiet: true });
  stage.hold(reply.failed === undefined, what);
}
