/**
 * The story: a machine that gets an identity, roles one by one, and a log that shows it. It is played by unmodified clients inside
 * real machines of a running Postern, and each step says what came back and why that is right.
 */
import { randomBytes } from 'node:crypto';
import type { Cast } from './cast.ts';
import { castOf } from './cast.ts';
import { aMinute } from './chapters/a-minute.ts';
import { boundToTheMachine } from './chapters/bound-to-the-machine.ts';
import { identityWithoutAccess } from './chapters/identity-without-access.ts';
import { lifecycle } from './chapters/lifecycle.ts';
import { noIdentity } from './chapters/no-identity.ts';
import { reader } from './chapters/reader.ts';
import { restart } from './chapters/restart.ts';
import { theLog } from './chapters/the-log.ts';
import { twoUsers } from './chapters/two-users.ts';
import { whoWasIt } from './chapters/who-was-it.ts';
import { openStage, type Stage, StoryBroken } from './stage.ts';

/** Where the story is played and who watches. */
export interface Performance {
  /** The data directory of a running Postern. */
  readonly dataDir: string;
  readonly subscriptionId: string;
  /** Gets whole lines. */
  readonly print: (line: string) => void;
}

/** Plays the story once and clears the stage. True only if each step held. */
export async function playStory({ dataDir, subscriptionId, print }: Performance): Promise<boolean> {
  const stage = openStage(dataDir, print);
  const cast = castOf(subscriptionId, randomBytes(2).toString('hex'), new Date().toISOString());
  print(
    'The story, played by real clients inside real machines. `sdk` is src/story/inside/sdk.ts: a few lines over the Azure SDK',
  );
  print('for JavaScript. What stands before the $ is the machine in which it runs.');
  try {
    await playChapters(stage, cast, print);
    print('\nEach step held.');
    return true;
  } catch (error) {
    if (!(error instanceof StoryBroken)) throw error;
    print(`\nThe story broke at: ${error.message}`);
    return false;
  } finally {
    await stage.sdk(cast.console, ['group', 'delete', cast.group], { quiet: true });
  }
}

async function playChapters(stage: Stage, cast: Cast, print: Performance['print']): Promise<void> {
  await noIdentity(stage, cast);
  const principalId = await identityWithoutAccess(stage, cast);
  await reader(stage, cast, principalId);
  await restart(stage, cast, principalId);
  await boundToTheMachine(stage, cast);
  await lifecycle(stage, cast);
  await theLog(stage, cast, principalId);
  await twoUsers(stage, cast);
  await whoWasIt(stage, cast);
  await aMinute(print);
}
