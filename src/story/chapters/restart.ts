import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

const mark = '/tmp/written-before-the-restart';

/** 4. Virtual Machine Contributor restarts, and the machine really restarts. */
export async function restart(stage: Stage, cast: Cast, principalId: string): Promise<void> {
  stage.chapter('4. Virtual Machine Contributor on the group');
  const role = 'Virtual Machine Contributor';
  const assigned = await stage.sdk(cast.console, ['role', 'assignment', 'create', cast.groupId, principalId, role], {
    quiet: true,
  });
  stage.hold(assigned.failed === undefined, `${role} is assigned to web-1 on ${cast.group}.`);

  const written = await stage.run(cast.web2, ['touch', mark]);
  stage.hold(written.status === 0, 'web-2 holds a file in /tmp, which lives only as long as the machine runs.');
  const restarted = (await stage.az(cast.web1, ['vm', 'restart', '-g', cast.group, '-n', 'web-2'])) ?? {
    status: (await stage.sdk(cast.web1, ['vm', 'restart', cast.group, 'web-2'])).failed === undefined ? 0 : 1,
  };
  stage.hold(restarted.status === 0, 'The restart is allowed now, from inside web-1, with no secret on it.');
  const gone = await stage.run(cast.web2, ['ls', mark]);
  stage.hold(gone.status !== 0 && gone.stderr.includes('No such file'), 'The file is gone: web-2 really restarted.');
}
