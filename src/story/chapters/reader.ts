import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

/** 3. Reader reads, and does nothing else. */
export async function reader(stage: Stage, cast: Cast, principalId: string): Promise<void> {
  stage.chapter('3. Reader on the group');
  const assigned = await stage.sdk(
    cast.console,
    ['role', 'assignment', 'create', cast.groupId, principalId, 'Reader'],
    { quiet: true },
  );
  stage.hold(assigned.failed === undefined, `Reader is assigned to web-1 on ${cast.group}.`);

  const list = await stage.sdk(cast.web1, ['vm', 'list', cast.group]);
  stage.hold(
    JSON.stringify(list.ok) === '["web-1","web-2"]',
    'web-1 lists the machines of its group: Reader holds */read.',
  );
  const az = await stage.az(cast.web1, ['login', '--identity', '--output', 'table']);
  if (az) stage.hold(az.status === 0, 'az login --identity works with nothing registered and nothing configured.');

  const restart = await stage.sdk(cast.web1, ['vm', 'restart', cast.group, 'web-2']);
  stage.hold(
    restart.failed?.statusCode === 403 && restart.failed.code === 'AuthorizationFailed',
    'Restarting web-2 is refused: Reader does not hold virtualMachines/restart/action.',
  );
}
