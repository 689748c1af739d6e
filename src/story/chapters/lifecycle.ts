import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

/** 6. A system-assigned identity dies with its machine; a user-assigned one lives on. */
export async function lifecycle(stage: Stage, cast: Cast): Promise<void> {
  stage.chapter('6. One identity on two machines, and a machine that goes');
  const created = await stage.sdk(cast.console, ['identity', 'create', cast.group, 'shared'], { quiet: true });
  const shared = (created.ok ?? {}) as { id?: string; clientId?: string; principalId?: string };
  stage.hold(shared.clientId !== undefined, `The user-assigned identity 'shared' exists: client ${shared.clientId}.`);
  const { id = '', clientId = '', principalId = '' } = shared;
  for (const machine of ['web-1', 'web-2']) {
    const attached = await stage.sdk(cast.console, ['vm', 'identity', 'assign', cast.group, machine, id], {
      quiet: true,
    });
    stage.hold(attached.failed === undefined, `It is attached to ${machine}.`);
  }
  await speaks(stage, cast.web1, clientId, principalId);
  await speaks(stage, cast.web2, clientId, principalId);

  const token = await stage.sdk(cast.web1, ['token'], { quiet: true });
  const old = ((token.ok ?? {}) as { token?: string }).token ?? '';
  const before = await withToken(stage, cast, old);
  stage.hold(before.failed === undefined, "A token of web-1's own identity opens the list of machines.");
  const deleted = await stage.sdk(cast.console, ['vm', 'delete', cast.group, 'web-1'], { quiet: true });
  stage.hold(deleted.failed === undefined, 'web-1 is deleted, and its system-assigned identity with it.');
  const after = await withToken(stage, cast, old);
  stage.hold(after.failed?.statusCode === 401, 'The old token has hours left, and is refused: its identity is gone.');
  await speaks(stage, cast.web2, clientId, principalId);
}

function withToken(stage: Stage, cast: Cast, token: string) {
  return stage.sdk(cast.console, ['vm', 'list', 'with', 'token', cast.subscription, cast.group], {
    stdin: token,
    quiet: true,
  });
}

async function speaks(stage: Stage, machine: string, clientId: string, principalId: string): Promise<void> {
  const reply = await stage.sdk(machine, ['token', 'of', clientId], { quiet: true });
  const { oid } = (reply.ok ?? {}) as { oid?: string };
  stage.hold(
    oid === principalId,
    `'shared' speaks from ${machine.slice(machine.lastIndexOf('/') + 1)}: the token's oid is ${oid}.`,
  );
}
