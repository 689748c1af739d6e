import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EpochMillis } from '../../core/time.ts';
import { startHost } from '../../host/start.ts';
import { type Cast, castOf } from '../cast.ts';
import { openStage, type Stage } from '../stage.ts';

/** 10. A grant for one minute ends with it. Played on a Postern of its own, whose clock the story sets. */
export async function aMinute(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postern-minute-'));
  let now = Date.now();
  const host = await startHost({ dataDir, port: 0, clock: { now: () => now as EpochMillis } });
  try {
    await host.machinesReady;
    const cast = castOf(host.subscriptionId, 'minute', new Date(now).toISOString());
    const stage = openStage(dataDir, print);
    stage.chapter('10. A grant for one minute, on a Postern whose clock the story sets');
    await grantMinute(stage, cast);
    const during = await stage.sdk(cast.web1, ['vm', 'list', cast.group]);
    stage.hold(JSON.stringify(during.ok) === '["web-1"]', 'Within the minute web-1 lists the machines of its group.');
    now += 60_000;
    const after = await stage.sdk(cast.web1, ['vm', 'list', 'in', cast.subscription, cast.group]);
    stage.hold(after.failed?.statusCode === 403, 'The clock is a minute on: the next call is refused.');
  } finally {
    await host.removeMachines();
    await host.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function grantMinute(stage: Stage, cast: Cast): Promise<void> {
  const ask = (words: readonly string[]) => stage.sdk(cast.console, words, { quiet: true });
  await ask(['group', 'create', cast.group]);
  await ask(['vm', 'create', cast.group, 'web-1']);
  const assigned = await ask(['vm', 'identity', 'assign', cast.group, 'web-1']);
  const { principalId = '' } = (assigned.ok ?? {}) as { principalId?: string };
  const granted = await ask(['role', 'grant', cast.groupId, principalId, 'Reader', 'PT1M']);
  stage.hold(granted.failed === undefined, "web-1's identity is a Reader of its group, for one minute.");
}
