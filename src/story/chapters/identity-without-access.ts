import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

/** 2. An identity is not yet access. Answers web-1's principal id. */
export async function identityWithoutAccess(stage: Stage, cast: Cast): Promise<string> {
  stage.chapter("2. web-1's system-assigned identity is switched on");
  const identity = await stage.sdk(cast.console, ['vm', 'identity', 'assign', cast.group, 'web-1']);
  const { principalId = '' } = (identity.ok ?? {}) as { principalId?: string };
  stage.hold(principalId !== '', `web-1 now is a service principal of its own: ${principalId}.`);

  const login = await stage.sdk(cast.web1, ['subscription', 'list']);
  stage.hold(
    Array.isArray(login.ok) && login.ok.length === 0,
    'The login works, and it lists no subscription: an identity without a role assignment sees nothing.',
  );
  const az = await stage.az(cast.web1, ['login', '--identity']);
  if (az) {
    stage.hold(
      az.status !== 0 && /No access was configured for the (VM|managed identity)/i.test(az.stderr + az.stdout),
      'az says it in its own words.',
    );
  }
  return principalId;
}
