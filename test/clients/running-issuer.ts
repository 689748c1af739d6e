import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { signJwt } from '../sts/client-authentication/assertions.ts';

/** An issuer that runs beside Postern, as a cluster's or a build service's does. */
export interface RunningIssuer {
  readonly issuer: string;
  /** Its authority's certificate, as PEM. */
  readonly ca: string;
  /** An assertion about a subject for the usual audience, good for five minutes. */
  assertion(subject: string): string;
  stop(): void;
}

/** Starts an issuer. */
export async function startIssuer(): Promise<RunningIssuer> {
  const program = resolve(import.meta.dirname, 'issuer-process.ts');
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { issuer, ca, kid, privateKey } = JSON.parse(line) as Record<'issuer' | 'ca' | 'kid' | 'privateKey', string>;
  const key = createPrivateKey(privateKey);
  return {
    issuer,
    ca,
    assertion: (subject) => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, sub: subject, aud: 'api://AzureADTokenExchange', iat: now, exp: now + 300 };
      return signJwt({ alg: 'RS256', kid, typ: 'JWT' }, claims, key);
    },
    stop: () => child.stdin.end(),
  };
}
