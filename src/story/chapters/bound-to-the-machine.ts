import { readFile } from 'node:fs/promises';
import type { Cast } from '../cast.ts';
import type { Stage } from '../stage.ts';

/** `169.254.169.254:80` in state LISTEN (0A) as /proc/net/tcp writes it on a little-endian machine. */
const listeningImds = /\bFEA9FEA9:0050 00000000:0000 0A\b/;

/** Tries from inside a machine to be another: the answers, one line each. */
const imposture = (otherMachine: string) => `
const base = 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F';
const tries = {
  plain: [base, { Metadata: 'true' }],
  forwarded: [base, { Metadata: 'true', 'X-Forwarded-For': '10.0.0.4' }],
  named: [base + '&msi_res_id=' + encodeURIComponent(${JSON.stringify(otherMachine)}), { Metadata: 'true' }],
};
const answers = {};
for (const [name, [url, headers]] of Object.entries(tries)) {
  const response = await fetch(url, { headers });
  answers[name] = response.status + ' ' + (await response.json()).error_description;
}
console.log(JSON.stringify(answers));`;

/** 5. The identity is web-1's from inside web-1, and from nowhere else. */
export async function boundToTheMachine(stage: Stage, cast: Cast): Promise<void> {
  stage.chapter("5. web-1's identity, from anywhere else");
  const result = await stage.run(cast.web2, [process.execPath, '--input-type=module', '--eval', imposture(cast.web1)], {
    quiet: true,
  });
  const answers = JSON.parse(result.stdout || '{}') as Record<string, string>;
  stage.hold(
    answers['plain'] === '400 Identity not found',
    `web-2 asks its own metadata service, which speaks for web-2 alone: ${answers['plain']}.`,
  );
  stage.hold(
    answers['forwarded']?.startsWith('400') === true,
    `A forwarded request is refused: ${answers['forwarded']}.`,
  );
  stage.hold(
    answers['named'] === '400 Identity not found',
    `Naming web-1 does not make it web-1: ${answers['named']}.`,
  );
  const sockets = await readFile('/proc/net/tcp', 'utf8');
  stage.hold(
    !listeningImds.test(sockets),
    'On the host no socket listens on 169.254.169.254:80 (read from its socket table): it exists inside the machines only.',
  );
}
