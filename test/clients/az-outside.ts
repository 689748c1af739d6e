import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Az, answerOf } from './az-commands.ts';
import { azProgram } from './az-installation.ts';
import { type RunningPostern, runProgram } from './running-postern.ts';

/** An `az` outside the machines that keeps all of its own in a folder. It trusts this Postern, and knows no cloud of it yet. */
export function freshAz(
  { environment }: RunningPostern,
  folder: string,
  variables: NodeJS.ProcessEnv = { REQUESTS_CA_BUNDLE: environment.caBundle },
): Az {
  mkdirSync(folder, { recursive: true });
  const env = {
    ...process.env,
    ...variables,
    // `--generate-ssh-keys` and `--create-cert` write below the home folder.
    HOME: folder,
    AZURE_CONFIG_DIR: folder,
    AZURE_CORE_COLLECT_TELEMETRY: '0',
    AZURE_CORE_ONLY_SHOW_ERRORS: '1',
    AZURE_CORE_DISPLAY_REGION_IDENTIFIED: 'false',
  };
  return (...words) => runProgram(azProgram, [...words, '--output', 'json'], '', env);
}

/** The same whose cloud is this Postern: nobody has logged in there yet. */
export function azOf(postern: RunningPostern, folder: string, variables?: NodeJS.ProcessEnv): Az {
  const az = freshAz(postern, folder, variables);
  const file = join(folder, 'postern.json');
  writeFileSync(file, postern.postern('az-cloud').stdout);
  answerOf(az('cloud', 'register', '--name', 'Postern', '--cloud-config', `@${file}`));
  answerOf(az('cloud', 'set', '--name', 'Postern'));
  return az;
}
