import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

/** 1. A machine without an identity gets no token. */
export async function noIdentity(stage: Stage, cast: Cast): Promise<void> {
  stage.chapter('1. Two machines, no identity');
  await created(stage, cast, ['group', 'create', cast.group]);
  await created(stage, cast, ['vm', 'create', cast.group, 'web-1']);
  await created(stage, cast, ['vm', 'create', cast.group, 'web-2']);
  const token = await stage.sdk(cast.web1, ['token']);
  stage.hold(
    token.failed?.message?.includes('Identity not found') === true,
    'web-1 has no identity, so its metadata service has none to speak for: 400 Identity not found.',
  );
}

async function created(stage: Stage, cast: Cast, words: readonly string[]): Promise<void> {
  const reply = await stage.sdk(cast.console, words, { quiet: true });
  stage.hold(
    reply.failed === undefined,
    `${words.slice(0, 2).join(' ')} ${words.at(-1)}: the operator's machine may, being Owner.`,
  );
}
