import { readFile } from 'node:fs/promises';
import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

/** `169.254.169.254:80` in state LISTEN (0A) as /proc/net/tcp writes it on a little-endian machine. */
const listeningImds = /\bFEA9FEA9:0050 00000000:0000 0A\b/;

/** What the imposture program prints. */
interface Answers {
  readonly plain?: string;
  readonly forwarded?: string;
  readonly named?: string;
  readonly interfaces?: readonly string[];
}

/** 5. The identity is web-1's from inside web-1, and from nowhere else. */
export async function boundToTheMachine(stage: Stage, cast: Cast): Promise<void> {
  stage.chapter("5. web-1's identity, from anywhere else");
  const answers = (await stage.program(cast.web2, 'imposture', [cast.web1])) as Answers;
  stage.hold(
    answers.plain === '400 Identity not found',
    `web-2 asks its own metadata service, which speaks for web-2 alone: ${answers.plain}.`,
  );
  stage.hold(answers.forwarded?.startsWith('400') === true, `A forwarded request is refused: ${answers.forwarded}.`);
  stage.hold(answers.named === '400 Identity not found', `Naming web-1 does not make it web-1: ${answers.named}.`);
  stage.hold(
    answers.interfaces?.join() === 'lo',
    "web-1's endpoint cannot be reached: web-2's only network is its own loopback.",
  );
  const sockets = await readFile('/proc/net/tcp', 'utf8');
  stage.hold(
    !listeningImds.test(sockets),
    'On the host no socket listens on 169.254.169.254:80 (read from its socket table): it exists inside the machines only.',
  );
}
