import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { MachineHost } from '../../src/core/ports/machine-host.ts';
import type { EpochMillis } from '../../src/core/time.ts';
import { dataPaths } from '../../src/host/configuration.ts';
import { type HostOptions, type LogEntry, type RunningHost, startHost } from '../../src/host/start.ts';

/** A data directory of its own for one test file. */
export interface Place {
  readonly dataDir: string;
  readonly logged: LogEntry[];
  /** Starts a host here on a port that the system chooses; its machines are only said to run. */
  start(options?: HostOptions): Promise<RunningHost>;
  remove(): Promise<void>;
}

/** A machine host whose machines run in name only. */
export const imagined: MachineHost = {
  support: async () => ({ supported: true, mode: 'root' }),
  start: async (spec) => runningOf(spec.resourceId, spec.vmId),
  stop: async () => undefined,
  remove: async () => undefined,
  running: () => undefined,
  entry: (_, user) => ({ argv: ['/usr/bin/env', `MACHINE_USER=${user}`], env: { PATH: '/usr/bin:/bin' } }),
  run: async () => ({ end: 'exited', exitCode: 0, output: '', error: '' }),
  endScripts: async () => undefined,
};

function runningOf(resourceId: string, vmId: string) {
  return { resourceId, vmId, initPid: 1, startedAt: 0 as EpochMillis };
}

/** Makes a place. */
export async function makePlace(): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postern-host-'));
  const logged: LogEntry[] = [];
  return {
    dataDir,
    logged,
    start: (options) =>
      startHost({ dataDir, port: 0, machines: imagined, log: (entry) => logged.push(entry), ...options }),
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** What a request was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One HTTPS request to a host, which trusts nothing but the host's authority. */
export async function ask(
  origin: string,
  ca: string,
  target: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  const asking = request(new URL(target, origin), { ca, agent: false, ...rest });
  asking.end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

/** The form with which the administrator asks for a token. */
export function tokenForm(origin: string, credentials: { clientId: string; clientSecret: string }) {
  const form = {
    grant_type: 'client_credentials',
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    scope: `${origin}/.default`,
  };
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  };
}

export { dataPaths };
