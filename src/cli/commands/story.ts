import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { OperatorStatus } from '../../host/operator/wire.ts';
import { type CommandContext, dataDirOption, examples } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { askOperator } from '../operator-client.ts';
import { nextStopSignal } from '../stop-signal.ts';
import type { Terminal } from '../terminal.ts';

/** `postern story`: plays the story against the running Postern, or one of its own that it starts and removes. */
export function addStory(program: Command, { terminal, end }: CommandContext): void {
  program
    .command('story')
    .description('play the story with real clients in real machines; exit 0 only if each step held')
    .addOption(dataDirOption())
    .addHelpText('after', examples('postern story'))
    .action(async ({ dataDir }: { dataDir?: string }) => {
      const asked = await askOperator<OperatorStatus>(dataDir, 'status');
      const held = 'answer' in asked ? await play(asked.answer, terminal) : await playAlone(terminal);
      end(held ? exitStatus.ok : exitStatus.failed);
    });
}

async function play(place: { dataDir: string; subscriptionId: string }, terminal: Terminal): Promise<boolean> {
  const { playStory } = await import('../../story/play.ts');
  return playStory({ ...place, print: (line) => terminal.out(line) });
}

/** Plays on a host of its own, in a data directory that goes when the story is over. */
async function playAlone(terminal: Terminal): Promise<boolean> {
  const { startHost } = await import('../../host/start.ts');
  const dataDir = await mkdtemp(join(tmpdir(), 'postern-story-'));
  const host = await startHost({ dataDir, port: 0 });
  const interrupted = nextStopSignal().then(() => false);
  try {
    await host.machinesReady;
    return await Promise.race([interrupted, play({ dataDir, subscriptionId: host.subscriptionId }, terminal)]);
  } finally {
    await host.removeMachines();
    await host.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
